"""What waits for a person: months held or announced, and editions that are to be approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from openlsi.config import Configuration, load_configuration
from openlsi.disclosure.releasing import HeldRelease, approve, held_releases
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
_SHOWN = 10
_IN_FORCE = "the next build has it"


def holds(
    today: Annotated[
        str | None, typer.Option(help="The day to count ages from, as 2026-11-22.")
    ] = None,
) -> None:
    """List what is held: months that are in no figure, and editions that have not gone out."""
    from openlsi.cli.load import as_day

    home, day = Home.from_environment(), as_day(today)
    held, editions = held_months(home), held_releases(home)
    if not held and not editions:
        print("Nothing is held.")
    if held:
        _list_months(home, held, day)
    for one in editions:
        _tell_edition(one)


def _list_months(home: Home, held: Sequence[Mapping[str, Any]], day: date) -> None:
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


def _tell_edition(one: HeldRelease) -> None:
    figures = "1 figure tells" if one.count == 1 else f"{one.count:,} figures tell"
    print(
        f"{one.name}: the {one.edition} edition of {one.at[:10]} is not published: with what was"
        f" published before, {figures} more than they may:"
    )
    for conflict in one.conflicts[:_SHOWN]:
        print(f"  {conflict}")
    if one.count > _SHOWN:
        print(f"  and {one.count - _SHOWN:,} more")
    print(f"It goes out with the next build after `lsi approve {one.name} --by NAME --why TEXT`.")


def approve_command(
    name: Annotated[str, typer.Argument(help="The edition's name, as `lsi holds` tells it.")],
    by: By,
    why: Why,
) -> None:
    """Let an edition out although, with earlier ones, it tells more than it may."""
    one = approve(Home.from_environment(), name, by, why)
    print(f"{one.name}: approved; the {one.edition} edition goes out with the next build")


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
    app.command("approve")(approve_command)
