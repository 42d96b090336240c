"""The `lsi` command: thin verbs over the library, one module an area."""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from typing import NoReturn

import duckdb
import typer

from openlsi.errors import LsiError
from openlsi.extract.refusals import unforeseen

# As shells count it: 128 and the number of the signal.
_INTERRUPTED = 130

# The modules of each command, in the order in which the data goes. Each imports its engines when it
# is imported itself, so that a load waits neither for the pages' nor for the linkage's.
_AREAS = {
    "run": ("run",),
    "demo": ("run",),
    "synthesise": ("synthesise",),
    "onboard": ("onboard",),
    "load": ("load",),
    "status": ("load",),
    "holds": ("holds",),
    "hold": ("holds",),
    "release": ("holds",),
    "announce": ("holds",),
    "approve": ("holds",),
    "keys": ("load", "custody"),
    "retain": ("custody",),
    "erase": ("custody",),
    "governance": ("custody",),
    "ledger": ("ledger",),
    "link": ("warehouse",),
    "build": ("warehouse",),
    "edition": ("edition",),
    "generations": ("warehouse",),
    "rollback": ("warehouse",),
    "assess": ("assess",),
    "scheme": ("scheme",),
    "campaign": ("campaign",),
    "packs": ("packs",),
    "metrics": ("metrics",),
    "report": ("report",),
    "publish": ("publish",),
}


@cache
def application(command: str | None = None) -> typer.Typer:
    """Return the command line: all of it, or only the areas that one command needs.

    A word that is no command, such as `--help`, gives all of it.
    """
    app = typer.Typer(
        name="lsi",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
        # An area with one command would else be that command.
        callback=_lsi,
    )
    every = dict.fromkeys(area for areas in _AREAS.values() for area in areas)
    for area in _AREAS.get(command or "", every):
        import_module(f"openlsi.cli.{area}").register(app)
    return app


def _lsi() -> None:
    """An open living-standards warehouse for a county and its districts."""


def main() -> None:
    """Run the command line; an error meant for the user becomes one plain line."""
    try:
        application(next(iter(sys.argv[1:]), None))()
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
    except duckdb.Error as error:
        _end(str(unforeseen(error)), 1)


def _end(message: str, exit_code: int) -> NoReturn:
    print(f"lsi: {message}", file=sys.stderr)
    sys.exit(exit_code)
