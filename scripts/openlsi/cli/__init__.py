"""The `lsi` command: thin verbs over the library, one module an area."""

from __future__ import annotations

import sys
from functools import cache
from typing import NoReturn

import duckdb
import typer

from openlsi.errors import LsiError

# As shells count it: 128 and the number of the signal.
_INTERRUPTED = 130

app = typer.Typer(
    name="lsi",
    help="An open living-standards warehouse for a county and its districts.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@cache
def application() -> typer.Typer:
    """Return the command line with every area's commands, in the order in which the data goes."""
    from openlsi.cli import (
        custody,
        holds,
        ledger,
        load,
        metrics,
        onboard,
        report,
        run,
        synthesise,
        warehouse,
    )

    areas = (run, synthesise, onboard, load, holds, custody, ledger, warehouse, metrics, report)
    for area in areas:
        area.register(app)
    return app


def main() -> None:
    """Run the command line; an error meant for the user becomes one plain line."""
    try:
        application()()
    except LsiError as error:
        _end(str(error), error.exit_code)
    except (duckdb.InterruptException, RuntimeError) as error:
        # Ctrl-C in the middle of a statement comes as either of the two from DuckDB's client.
        if "interrupt" not in str(error).lower():
            raise
        _end("interrupted; what was committed is kept, so run the same command again", _INTERRUPTED)
    except (OSError, duckdb.IOException) as error:
        first = str(error).splitlines()[0]
        _end(f"{first}; is LSI_HOME right, and is everything there that the ledger names?", 1)


def _end(message: str, exit_code: int) -> NoReturn:
    print(f"lsi: {message}", file=sys.stderr)
    sys.exit(exit_code)
