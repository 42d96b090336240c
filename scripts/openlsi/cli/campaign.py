"""`lsi campaign`: whom a campaign is for, who approves it, and the cohort that it is frozen to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openlsi.config import load_configuration
from openlsi.home import Home

if TYPE_CHECKING:
    from openlsi.campaigns.definition import Campaign
    from openlsi.campaigns.fields import Field
    from openlsi.config import Configuration

Name = Annotated[str, typer.Argument(help="The campaign, as `lsi campaign list` calls it.")]
Today = Annotated[str | None, typer.Option(help="The day to count from, as 2026-11-22.")]

campaign = typer.Typer(no_args_is_help=True, help="Campaigns: from a metric to a household.")


@dataclass(frozen=True)
class _Here:
    """What every command of the area reads first."""

    home: Home
    configuration: Configuration
    fields: Mapping[str, Field]
    campaigns: Mapping[str, Campaign]

    @property
    def secure(self) -> Path:
        return self.home.current / "secure.duckdb"

    def named(self, name: str) -> Campaign:
        from openlsi.campaigns.errors import CampaignError

        if name not in self.campaigns:
            known = ", ".join(sorted(self.campaigns))
            raise CampaignError(f"{name}: no campaign is called that; there are {known}")
        return self.campaigns[name]


def _read() -> _Here:
    from openlsi.campaigns.definition import load_campaigns

    home = Home.from_environment()
    fields, configuration = _fields(), load_configuration(home)
    return _Here(home, configuration, fields, load_campaigns(home, fields, configuration))


def _fields() -> Mapping[str, Field]:
    from openlsi.campaigns.fields import campaign_fields
    from openlsi.warehouse.project import project_directory

    return campaign_fields(project_directory())


@campaign.command("list")
def list_campaigns() -> None:
    """List every campaign with its stage, dates and owner."""
    from openlsi.campaigns.register import Register

    here = _read()
    register = Register.read(here.home)
    # A name may be as long as a district likes, and is never run into its stage.
    width = max(map(len, here.campaigns), default=0) + 2
    for one in here.campaigns.values():
        stage = register.stage(one.campaign)
        print(f"{one.campaign:<{width}}{stage:<12}{one.starts} to {one.ends}  {one.owner}")


@campaign.command("fields")
def list_fields() -> None:
    """List what a filter may ask of a household, and what each word means."""
    takes = {"truth": "true or false", "number": "a number", "text": "words"}
    for field in _fields().values():
        print(f"{field.name} ({takes[field.kind]})\n    {field.description}")


@campaign.command()
def show(name: Name) -> None:
    """Show a campaign: why, under what authority, for whom, and what became of it so far."""
    from openlsi.campaigns.evaluation import linked_counts
    from openlsi.campaigns.register import Register
    from openlsi.campaigns.words import definition_words, event_words, linked_words

    here = _read()
    one, register = here.named(name), Register.read(here.home)
    for line in definition_words(one, here.fields):
        print(line)
    print(f"Stage: {register.stage(name)}")
    for event in register.log.events:
        if event["campaign"] == name:
            print(f"  {event['at'][:16].replace('T', ' ')}  {event_words(event)}")
    if register.cohorts(name):
        for line in linked_words(*linked_counts(here.secure, name)):
            print(line)


@campaign.command()
def preview(name: Name, today: Today = None) -> None:
    """Say how many households a campaign is for, by district, and pounds; safe to pass on."""
    from openlsi.campaigns.preview import preview as previewed
    from openlsi.campaigns.words import preview_words

    here = _read()
    one = here.named(name)
    found = previewed(
        here.home, here.secure, one, here.fields, here.configuration, _day(today)
    )  # fmt: skip
    for line in preview_words(one, found):
        print(line)


@campaign.command()
def approve(
    name: Name,
    by: Annotated[str, typer.Option(help="Who decides.")],
    why: Annotated[str, typer.Option(help="Why.")],
) -> None:
    """Approve a campaign as its file is worded now; a change of the file asks for it again."""
    from openlsi.campaigns.register import Register

    here = _read()
    Register.read(here.home).approve(here.named(name), by, why)
    print(f"{name} is approved by {by}. `lsi campaign freeze {name}` fixes its cohort.")


@campaign.command()
def freeze(name: Name, today: Today = None) -> None:
    """Fix who is contacted and who is held out, with the build that says so."""
    from openlsi.campaigns.cohort import freeze as frozen
    from openlsi.campaigns.words import event_words
    from openlsi.extract.alone import alone

    here = _read()
    with alone(here.home):
        _refuse_stale(here.home)
        event = frozen(
            here.home, here.secure, here.named(name), here.fields, here.configuration, _day(today),
            here.home.current.resolve().name,
        )  # fmt: skip
    print(f"{name}: {event_words(event)}")
    print(f"Written: {here.home.campaigns / name}, one folder a district")


@campaign.command()
def outcome(
    name: Name,
    file: Annotated[Path, typer.Argument(help="CSV, a row a household by its reference.")],
) -> None:
    """Record what became of a cohort: contacted, reached, applied, awarded, and pounds by kind."""
    from openlsi.campaigns.outcomes import record_outcomes
    from openlsi.campaigns.words import event_words
    from openlsi.extract.alone import alone

    here = _read()
    with alone(here.home):
        event = record_outcomes(here.home, here.named(name), file)
    print(f"{name}: {event_words(event)}. The next build has them.")


@campaign.command()
def complete(name: Name, by: Annotated[str, typer.Option(help="Who says so.")]) -> None:
    """Say that a running campaign is over."""
    from openlsi.campaigns.register import Register

    here = _read()
    Register.read(here.home).complete(here.named(name).campaign, by)
    print(f"{name} is completed.")


@campaign.command()
def evaluate(name: Name) -> None:
    """Measure the effect on the current build, with its interval; no effect is a result."""
    from openlsi.campaigns.evaluation import evaluate as evaluated
    from openlsi.campaigns.words import evaluation_words

    here = _read()
    for line in evaluation_words(evaluated(here.home, here.secure, here.named(name))):
        print(line)


def _refuse_stale(home: Home) -> None:
    """Refuse a build that still holds who was erased, what was let go, or keys done away with."""
    from openlsi.campaigns.errors import CampaignError
    from openlsi.cli.renewal import STALE_BUILD, stale

    if STALE_BUILD in stale(home):
        raise CampaignError(
            "the build is older than what was erased, let go or keyed anew since; run `lsi run`"
        )


def _day(today: str | None) -> date:
    from openlsi.cli.load import as_day

    return as_day(today)


def register(app: typer.Typer) -> None:
    """Add the commands of this area to `lsi`."""
    app.add_typer(campaign, name="campaign")
