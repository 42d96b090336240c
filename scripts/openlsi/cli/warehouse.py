"""`lsi link`, `lsi build`, `lsi generations`, `lsi rollback`."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from openlsi.cli import reviewing
from openlsi.cli.holds import told as held_told
from openlsi.cli.linking import LinkOutcome, link_landing
from openlsi.cli.progress import Narrator
from openlsi.cli.renewal import settle
from openlsi.cli.reported import Reported, check_known, label, read_reported
from openlsi.config import load_configuration
from openlsi.home import Home
from openlsi.warehouse.build import FAR_FUTURE, BuildOutcome, build
from openlsi.warehouse.errors import WarehouseError
from openlsi.warehouse.generations import current_build, generations, point_at

Today = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The day the figures are read on; default: today."),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say nothing but errors.")]


def as_date(today: datetime | None) -> date:
    """Return the day asked for, else the real one: the only place a command reads the clock."""
    return today.date() if today else datetime.now(UTC).date()


def link_and_build(
    home: Home,
    narrator: Narrator,
    today: date,
    reported: Reported | None = None,
    *,
    force: bool = False,
) -> BuildOutcome:
    """Link what is landed and build a generation from it; of what was known then, if asked."""
    linked = link_landing(home, reported.instant if reported else None)
    _say_held(home, linked)
    if linked.is_new:
        narrator.say(
            f"linked {linked.person_count:,} people"
            f" in {linked.benefit_unit_count:,} claims and accounts"
        )
    outcome = build(
        home,
        links=linked.folder,
        today=today,
        known_at=reported.known_at if reported else FAR_FUTURE,
        as_reported=reported.name if reported else "",
        force=force,
        on_step=narrator.step_ended,
    )
    # Now that nobody opens it: the build before holds what has been erased, let go or keyed anew
    # since; and a command of custody that was killed left its link sets.
    settle(home)
    if outcome.is_new:
        narrator.say(f"{outcome.build.tests_passed} tests passed; build {outcome.build.build_id}")
    else:
        narrator.say(f"nothing has changed since build {outcome.build.build_id}")
    return outcome


def _say_held(home: Home, linked: LinkOutcome) -> None:
    """Name each month that meets its households less than the one before, on stderr."""
    if linked.held:
        configuration = load_configuration(home)
        for event in linked.held:
            print(f"lsi: {held_told(configuration, event)}", file=sys.stderr)


link_app = typer.Typer(
    help="Find one household in many systems, inside the secure zone.", invoke_without_command=True
)


@link_app.callback()
def link(context: typer.Context, quiet: Quiet = False) -> None:
    """Work out who is one person, and which claims and accounts belong to one household."""
    if context.invoked_subcommand:
        return
    home = Home.from_environment()
    linked = link_landing(home)
    _say_held(home, linked)
    narrator = Narrator(quiet=quiet)
    narrator.say(
        f"{linked.person_count:,} people in {linked.benefit_unit_count:,} claims and accounts"
        f" in links/{linked.folder.name}" + ("" if linked.is_new else " (unchanged)")
    )
    if linked.review_count:
        narrator.say(f"{linked.review_count:,} pairs are not sure: `lsi link review --list`")


def build_command(
    today: Today = None,
    as_reported: Annotated[
        str | None,
        typer.Option(
            "--as-reported",
            "--known-at",
            help="The figures as they were known at the end of a month (2026-08) or day, or at an"
            " instant (2026-08-15T09:00, UTC): kept beside the current build, which stays.",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Build everything anew, even if nothing changed.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Build and test the warehouse, compute the metrics, apply disclosure control."""
    home, narrator = Home.from_environment(), Narrator(quiet=quiet)
    if as_reported is None:
        link_and_build(home, narrator, as_date(today), force=force)
        return
    reported = read_reported(as_reported)
    check_known(home, reported)
    # Read on the last day of it, so that a figure of today's is no figure of then.
    day = as_date(today) if today else reported.day
    link_and_build(home, narrator, day, reported, force=force)
    narrator.say(label(home, reported))
    narrator.say(
        f"Readers still open the current build; ask this one by"
        f" `lsi metrics query METRIC --as-reported {reported.name}`"
    )


def generations_command() -> None:
    """List the builds that are kept; the one that readers open is marked."""
    home = Home.from_environment()
    current = current_build(home)
    for kept in generations(home):
        mark = "*" if current and kept.build_id == current.build_id else " "
        told = f"{mark} {kept.build_id}  today {kept.today}  {kept.tests_passed} tests passed"
        print(told + (f"  as reported {kept.as_reported}" if kept.as_reported else ""))


def rollback(
    build_id: Annotated[
        str | None, typer.Argument(help="Which generation; default: the one before the current.")
    ] = None,
) -> None:
    """Point readers at an earlier generation."""
    home = Home.from_environment()
    current = current_build(home)
    if build_id is None:
        earlier = [
            kept.build_id
            for kept in generations(home)
            if current and kept.build_id < current.build_id and not kept.as_reported
        ]
        if not earlier:
            raise WarehouseError("there is no earlier generation to go back to")
        build_id = earlier[-1]
    point_at(home, build_id)
    print(f"readers now open {build_id}; the site shows it after `lsi report`")


def register(app: typer.Typer) -> None:
    """Add this area's commands."""
    reviewing.register(link_app)
    app.add_typer(link_app, name="link")
    app.command("build")(build_command)
    app.command("generations")(generations_command)
    app.command("rollback")(rollback)
