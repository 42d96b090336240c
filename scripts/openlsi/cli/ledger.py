"""`lsi ledger verify`: whether the record of every load is whole, and landing is what it says."""

from __future__ import annotations

import sys

import typer

from openlsi.extract.verifying import Verified, verify_ledger
from openlsi.home import Home

_SHOWN = 10

ledger_app = typer.Typer(help="The record of every load.", no_args_is_help=True)


@ledger_app.callback()
def ledger() -> None:
    """Keep `verify` a word of its own: an area with one command would be that command."""


@ledger_app.command("verify")
def verify() -> None:
    """Check the chain of the ledger and every landing file that it names; exit code 1 if broken."""
    verified = verify_ledger(Home.from_environment())
    for trouble in verified.troubles[:_SHOWN]:
        print(f"lsi: ledger {trouble}", file=sys.stderr)
    if len(verified.troubles) > _SHOWN:
        print(f"lsi: and {len(verified.troubles) - _SHOWN} more", file=sys.stderr)
    if verified.troubles:
        print("lsi: restore what is wrong from a safe copy", file=sys.stderr)
        raise typer.Exit(1)
    _say(verified)


def _say(verified: Verified) -> None:
    print(f"{verified.lines:,} lines: none edited, deleted, inserted or moved; the end is whole")
    counted = f", {verified.unhashed:,} of them by their rows alone" if verified.unhashed else ""
    print(f"{verified.files:,} landing files: all there and as they were landed{counted}")
    _say_keyed(verified)
    if verified.orphans:
        print(f"files in landing that no line names, and nothing reads: {len(verified.orphans):,}")
        for orphan in verified.orphans[:_SHOWN]:
            print(f"  {orphan}")


def _say_keyed(verified: Verified) -> None:
    """Say which lines are known to have been written by a holder of the master key."""
    keyed = verified.lines - verified.plain
    if keyed and verified.no_key:
        print(f"{keyed:,} keyed hashes were not checked: {verified.no_key}")
    elif keyed:
        print(f"{keyed:,} lines and the end are keyed: nobody wrote them without the master key")
    if verified.plain:
        print(
            f"{verified.plain:,} lines are plain, as they were before the ledger was keyed: their"
            " chain is whole, and who wrote them cannot be told"
        )


def register(app: typer.Typer) -> None:
    """Add this area's commands."""
    app.add_typer(ledger_app, name="ledger")
