"""`lsi run`: inbox to site; `lsi demo`: the same on made extracts and the real workbooks."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import typer

from openlsi.cli.linking import link_landing
from openlsi.cli.load import tell_troubles
from openlsi.cli.made_campaigns import lay_made_campaigns
from openlsi.cli.progress import Narrator
from openlsi.cli.synthesise import DEMO, farthest_off
from openlsi.cli.warehouse import Quiet, Today, as_date, link_and_build
from openlsi.extract.loading import load
from openlsi.home import Home
from openlsi.report.child import render_in_child
from openlsi.report.site import Request
from openlsi.synthesis.county import synthesise
from openlsi.warehouse.build import dbt_manifest, published_database
from openlsi.warehouse.project import project_directory

# The demo's months end in October 2026; it is read on a day when that month has just come in.
_DEMO_TODAY = date(2026, 11, 15)
_PAGE_SECONDS = 60.0


def load_and_report(home: Home, narrator: Narrator) -> int:
    """Load the inbox, print each refusal on stderr, and return how many files were refused."""
    with narrator.stage("Loading"):
        report = load(home)
    tell_troubles(home, report)
    narrator.say(
        f"  {len(report.accepted)} extracts, {report.rows:,} rows accepted,"
        f" {report.quarantined:,} set aside with a reason"
    )
    return len(report.refused)


def render(home: Home, narrator: Narrator) -> Path:
    """Render the project's pages from the current generation and return the front page."""
    database = published_database(home)
    with narrator.stage("Writing the site"):
        outcome = render_in_child(
            Request(
                project_directory() / "reports",
                home.site,
                database,
                home.cache / "charts",
                manifest=dbt_manifest(database),
            ),
            _PAGE_SECONDS,
        )
    narrator.say(f"  {outcome.pages} pages, {outcome.charts} charts")
    return home.site / "index.html"


def inbox_to_site(
    home: Home,
    narrator: Narrator,
    today: date,
    between: Callable[[Home, Path], None] | None = None,
) -> int:
    """Do all of it, and return how many files were refused on the way.

    `between` is done once households are known and before they are built on.
    """
    refused = load_and_report(home, narrator)
    if between:
        between(home, link_landing(home).folder)
    with narrator.stage("Linking and building"):
        link_and_build(home, narrator, today)
    front_page = render(home, narrator)
    narrator.say(f"The site: {front_page}")
    return refused


def run(today: Today = None, quiet: Quiet = False) -> None:
    """Load the inbox, link, build and test the warehouse, and write the site."""
    if inbox_to_site(Home.from_environment(), Narrator(quiet=quiet), as_date(today)):
        raise typer.Exit(1)


def demo(quiet: Quiet = False) -> None:
    """Make the demo county's extracts, then do what `lsi run` does."""
    home, narrator = Home.from_environment(), Narrator(quiet=quiet)
    with narrator.stage("Making the demo extracts"):
        made = synthesise(home, DEMO)
    narrator.say(f"  {sum(one.files for one in made):,} files; every household in them is made up")
    narrator.say(f"  {farthest_off(made)}")
    if inbox_to_site(home, narrator, _DEMO_TODAY, lay_made_campaigns):
        raise typer.Exit(1)
    # As it was called: the clone's own environment need not be on anybody's path.
    command = sys.argv[0]
    narrator.say(
        f"Next: `{command} status`, `{command} metrics list`,"
        f" `{command} metrics query caseload --by district`"
    )


def register(app: typer.Typer) -> None:
    """Add this area's commands."""
    app.command()(run)
    app.command()(demo)
