"""The `lsi` command: thin verbs over the library, one module an area."""

from __future__ import annotations

import sys
from functools import cache

import typer

from openlsi.errors import LsiError

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
    from openlsi.cli import load, metrics, report, run, synthesise, warehouse

    for area in (run, synthesise, load, warehouse, metrics, report):
        area.register(app)
    return app


def main() -> None:
    """Run the command line; an error meant for the user becomes one plain line."""
    try:
        application()()
    except LsiError as error:
        print(f"lsi: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
