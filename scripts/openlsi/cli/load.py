"""`lsi load`, `lsi status`, `lsi keys create`: extracts in, and how they stand."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from openlsi.cli.holds import told as held_told
from openlsi.config import load_configuration
from openlsi.extract.loading import LoadReport
from openlsi.extract.loading import load as load_inbox
from openlsi.extract.refusals import ExtractError
from openlsi.home import Home
from openlsi.identity.keys import create_master_key

keys_app = typer.Typer(help="The master key that all keyed hashes and vaults rest on.")


def load(
    district: Annotated[
        str | None, typer.Option(help="Keep to one district, by slug or ONS code.")
    ] = None,
    reissue: Annotated[
        bool, typer.Option("--reissue", help="Other content for a loaded month is a correction.")
    ] = False,
    why: Annotated[str | None, typer.Option(help="Why the month is issued again.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing but errors.")] = False,
) -> None:
    """Load every new file of the inbox into landing; refuse bad files, set bad rows aside."""
    if reissue != (why is not None):
        raise ExtractError("--reissue and --why TEXT go together: say why the month is sent again")
    with ExitStack() as stack:
        begin = None if quiet or not sys.stderr.isatty() else _progress(stack)
        home = Home.from_environment()
        report = load_inbox(home, district, why, begin)
    _say(home, report, quiet)
    if report.refused:
        raise typer.Exit(1)


def _progress(stack: ExitStack) -> Callable[[int], Callable[[int], None]]:
    bar = Progress(
        TextColumn("loading"), BarColumn(), DownloadColumn(), TimeElapsedColumn(),
        console=Console(stderr=True),
    )  # fmt: skip

    def begin(total: int) -> Callable[[int], None]:
        stack.enter_context(bar)
        task = bar.add_task("loading", total=total)
        return lambda done: bar.advance(task, done)

    return begin


def tell_troubles(home: Home, report: LoadReport) -> None:
    """Print on stderr what was refused and what is held: no load ends without a word on them."""
    for refusal in report.refused:
        print(f"lsi: {refusal}", file=sys.stderr)
    configuration = load_configuration(home)
    for event in report.held:
        print(f"lsi: {held_told(configuration, event)}", file=sys.stderr)


def _say(home: Home, report: LoadReport, quiet: bool) -> None:
    tell_troubles(home, report)
    if quiet:
        return
    print(
        f"loaded {len(report.accepted)} extracts: {report.rows:,} rows,"
        f" {report.quarantined:,} set aside; {report.unchanged} unchanged;"
        f" {len(report.refused)} refused"
        + (f"; {len(report.held)} held" if report.held else "")
        + (f"; {report.sealed} originals sealed and removed" if report.sealed else "")
    )


def status(
    today: Annotated[
        str | None, typer.Option(help="The day to count ages from, as 2026-11-22.")
    ] = None,
    why: Annotated[
        str | None, typer.Option(help="A district: what was set aside of it, by column and reason.")
    ] = None,
) -> None:
    """Show each feed's last month, its rows, pounds, rows set aside and age; then what is lacking.

    Below the table: months that are late by the feed's due day, missing in between, or held.
    """
    from openlsi.cli.renewal import stale
    from openlsi.extract.awaited import awaited
    from openlsi.extract.reasons import reasons_table
    from openlsi.extract.status import status_table

    home, day = Home.from_environment(), as_day(today)
    console = Console(highlight=False)
    if why:
        console.print(reasons_table(home, why))
        return
    console.print(status_table(home, day))
    for feed in awaited(home, day):
        for line in feed.lines():
            console.print(line)
    if left := " and ".join(stale(home)):
        console.print(
            f"not made again since something was erased, let go or keyed anew: {left}; `lsi run`"
        )


def as_day(text: str | None) -> date:
    """Return the day asked for, else today; raise ExtractError for what is no day."""
    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError:
        raise ExtractError(f"--today {text}: not a date; write it as 2026-11-22") from None


@keys_app.command("create")
def create_key(path: Path) -> None:
    """Make a master key file for a real county. Keep it outside LSI_HOME and back it up."""
    create_master_key(path)
    print(f"{path}: new master key; set LSI_MASTER_KEY_FILE={path.resolve()} and keep a safe copy")


def register(app: typer.Typer) -> None:
    """Add the commands of this area to `lsi`."""
    app.command()(load)
    app.command()(status)
    app.add_typer(keys_app, name="keys")
