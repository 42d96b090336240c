"""`lsi holds`, `lsi hold`, `lsi release`, `lsi announce`: months that wait for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from openlsi.config import Configuration, load_configuration
from openlsi.extract.ledger import why_held
from openlsi.extract.releasing import (
    age_in_days,
    announce,
    held_months,
    hold,
    read_asked,
    release,
)
from openlsi.home import Home

District = Annotated[str, typer.Argument(help="The district, by slug or ONS code.")]
Feed = Annotated[str, typer.Argument(help="The feed, such as cts.")]
Month = Annotated[str, typer.Argument(help="The month, as 2026-10.")]
By = Annotated[str, typer.Option(help="Who decides; it is kept in the ledger.")]
Why = Annotated[str, typer.Option(help="Why; it is kept in the ledger.")]
_IN_FORCE = "the next build has it"


def holds(
    today: Annotated[
        str | None, typer.Option(help="The day to count ages from, as 2026-11-22.")
    ] = None,
) -> None:
    """List the months that are held: landed, but in no figure until somebody releases them."""
    from openlsi.cli.load import as_day

    home, day = Home.from_environment(), as_day(today)
    held = held_months(home)
    if not held:
        print("Nothing is held.")
        return
    configuration = load_configuration(home)
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for heading in ("district", "feed", "month"):
        table.add_column(heading, no_wrap=True)
    table.add_column("days", justify="right", no_wrap=True)
    table.add_column("why")
    for one in held:
        table.add_row(
            _slug(configuration, one["district_code"]), one["feed"], f"{one['month']:%Y-%m}",
            str(age_in_days(one["held_at"], day)), Text(one["why"]),
        )  # fmt: skip
    Console().print(table)
    print("Each counts after `lsi release DISTRICT FEED MONTH --by NAME --why TEXT`.")


def hold_command(district: District, feed: Feed, month: Month, by: By, why: Why) -> None:
    """Hold the month that is in force: it is in no later build until it is released."""
    home = Home.from_environment()
    asked = read_asked(home, district, feed, month)
    hold(home, asked, by, why)
    print(f"{asked}: held; the next build is without it")


def release_command(district: District, feed: Feed, month: Month, by: By, why: Why) -> None:
    """Let a held month count from now on."""
    home = Home.from_environment()
    asked = read_asked(home, district, feed, month)
    release(home, asked, by, why)
    print(f"{asked}: released; {_IN_FORCE}")


def announce_command(district: District, feed: Feed, month: Month, by: By, why: Why) -> None:
    """Say beforehand that a month will move beyond its limits, such as by a new scheme."""
    home = Home.from_environment()
    asked = read_asked(home, district, feed, month)
    announce(home, asked, by, why)
    print(f"{asked}: its limits are lifted; {_IN_FORCE} as soon as it is loaded")


def told(configuration: Configuration, event: Mapping[str, Any]) -> str:
    """Return what to say of an extract that a load has held, and what to do about it."""
    named = f"{_slug(configuration, event['district_code'])} {event['feed']} {event['month'][:7]}"
    return (
        f"held: {named}: {why_held(event)}; it is in no figure until"
        f" `lsi release {named} --by NAME --why TEXT`"
    )


def _slug(configuration: Configuration, code: str) -> str:
    found = configuration.district(code)
    return found.slug if found else code


def register(app: typer.Typer) -> None:
    """Add this area's commands."""
    app.command("holds")(holds)
    app.command("hold")(hold_command)
    app.command("release")(release_command)
    app.command("announce")(announce_command)
