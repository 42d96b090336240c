"""`lsi packs`: households of a district for its officers, sealed, and who opened them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openlsi.config import load_configuration
from openlsi.home import Home

if TYPE_CHECKING:
    from openlsi.config import Configuration, District
    from openlsi.packs.building import BuiltPack, County

By = Annotated[str, typer.Option("--by", help="Who does it, for the access log.")]
Purpose = Annotated[
    str, typer.Option("--purpose", help="What for: a purpose of pack_recipients.yml.")
]
Today = Annotated[str | None, typer.Option(help="The day to count from, as 2026-11-22.")]

packs = typer.Typer(no_args_is_help=True, help="Packs of a district's households, sealed.")


def _county(home: Home, configuration: Configuration) -> County:
    from openlsi.campaigns.definition import load_campaigns
    from openlsi.campaigns.fields import campaign_fields
    from openlsi.config.pack_recipients import load_pack_recipients
    from openlsi.packs.building import County
    from openlsi.warehouse.project import project_directory

    fields = campaign_fields(project_directory())
    return County(
        home,
        configuration,
        load_pack_recipients(home, configuration),
        fields,
        load_campaigns(home, fields, configuration),
    )


def _districts(configuration: Configuration, slugs: list[str]) -> list[District]:
    """Return the districts named, each once; `all` names every one."""
    if slugs == ["all"]:
        return list(configuration.districts)
    return list({of.code: of for of in (_district(configuration, one) for one in slugs)}.values())


def _district(configuration: Configuration, slug: str) -> District:
    from openlsi.packs.errors import PackError

    for one in configuration.districts:
        if slug in (one.slug, one.code):
            return one
    if slug in ("county", configuration.county_code, configuration.county_name):
        raise PackError(f"--district {slug}: the county gets no packs of households")
    known = ", ".join(one.slug for one in configuration.districts)
    raise PackError(f"--district {slug}: no such district; there are {known}")


@packs.command()
def build(
    district: Annotated[
        list[str],
        typer.Option(
            help="Whose households, by slug or ONS code; repeatable, or `all`: a pack each."
        ),
    ],
    purpose: Purpose,
    by: By,
    campaign: Annotated[
        list[str] | None, typer.Option(help="A campaign whose frozen cohort goes in; repeatable.")
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            help="A filter, such as 'council_tax_overdue_gbp over 500'; of several, all hold."
        ),
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option(help="A listed recipient by name; default: all who are listed for this."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File to write; default: packs/DISTRICT/.")
    ] = None,
    today: Today = None,
) -> None:
    """Build a pack of a district's households, sealed to those whom configuration lists.

    Of several districts each gets its own; nothing is built unless each has somebody to be sent it.
    """
    from openlsi.cli.load import as_day
    from openlsi.packs.addressing import addressed
    from openlsi.packs.building import Order, build_pack
    from openlsi.packs.errors import PackError
    from openlsi.packs.selection import NobodyError, asked

    home = Home.from_environment()
    configuration = load_configuration(home)
    county, day = _county(home, configuration), as_day(today)
    districts = _districts(configuration, district)
    if out is not None and len(districts) > 1:
        raise PackError(f"-o {out}: is one file, and {len(districts)} packs are asked for")
    sent = [
        (of, addressed(home, county.recipients, of, purpose, to or [], day)) for of in districts
    ]
    request = asked(campaign or [], where or [], county.fields)
    for of, recipients in sent:
        try:
            built = build_pack(county, Order(of, request, purpose, by, recipients, day, out))
        except NobodyError as error:
            if len(districts) == 1:
                raise
            print(error)
            continue
        _say_built(built)


def _say_built(built: BuiltPack) -> None:
    told = built.manifest
    print(
        f"{told.district_name}: {told.household_count:,} households, {told.contact_count:,} to"
        f" contact, sealed to {', '.join(one.name for one in told.readers)}: {built.path}"
    )
    if told.gone_count:
        print(f"{told.gone_count:,} are left out: no file tells of them any more")


@packs.command("open")
def open_command(
    file: Annotated[Path, typer.Argument(help="The sealed pack.")],
    identity: Annotated[Path, typer.Option(help="File with your age secret key.")],
    purpose: Purpose,
    by: By,
    out: Annotated[Path, typer.Option("--out", "-o", help="New folder to write it into.")],
    today: Today = None,
) -> None:
    """Open a pack with your key into a folder; the access log has it before anything is written."""
    from openlsi.cli.load import as_day
    from openlsi.config.pack_recipients import load_pack_recipients
    from openlsi.packs.opening import Opening, open_pack

    home = Home.from_environment()
    configuration = load_configuration(home)
    recipients = load_pack_recipients(home, configuration)
    opening = Opening(file, identity, purpose, by, out, as_day(today))
    told = open_pack(home, configuration, recipients, opening)
    print(
        f"{told.district_name}, {told.household_count:,} households: open {out / 'index.html'}."
        f" Delete the folder by {told.delete_by}, or when you are done with it."
    )


@packs.command("list")
def list_packs() -> None:
    """List the packs that were built: whose, for what, to whom, until when, how often opened."""
    from openlsi.packs.keeping import kept_packs

    for one in kept_packs(Home.from_environment()):
        told = one.event
        print(
            f"{told['pack']}  {told['district']:<22}{told['household_count']:>6,} households  for"
            f" {told['purpose']}, to {', '.join(told['readers'])}; delete by {told['delete_by']};"
            f" opened {one.opened_count}×{'' if one.is_there else '; not here'}"
        )


@packs.command("log")
def show_log() -> None:
    """Check the access log and print it: who built and opened which pack, when, and for what."""
    from openlsi.packs.access_log import AccessLog
    from openlsi.packs.errors import PackError
    from openlsi.packs.keeping import event_words, unlogged

    home = Home.from_environment()
    events = AccessLog.read(home).events
    for event in events:
        print(f"{event['at'][:16].replace('T', ' ')}  {event_words(event)}")
    if lost := unlogged(home):
        raise PackError(
            f"{lost[0]}: no line of the access log tells of it; lines at its end are lost, or the"
            " file was put there by hand: restore the log from a safe copy"
        )
    print(f"{len(events):,} lines, the chain is whole")


@packs.command()
def clear(today: Today = None) -> None:
    """Remove packs past their day, and those from before somebody of the district was erased."""
    from openlsi.cli.load import as_day
    from openlsi.packs.keeping import clear as cleared

    home = Home.from_environment()
    gone = list(cleared(home, load_configuration(home), as_day(today)))
    for one in gone:
        print(f"{one.event['pack']}  {one.event['district']}: removed")
    if not gone:
        print("no pack is past its day")


@packs.command()
def keygen(
    path: Annotated[Path, typer.Argument(help="Where to write the secret key: a new file.")],
) -> None:
    """Make a key to open packs with; prints the public half, which pack_recipients.yml lists."""
    from openlsi.packs.opening import make_identity

    print(make_identity(path))


def register(app: typer.Typer) -> None:
    """Add the commands of this area to `lsi`."""
    app.add_typer(packs, name="packs")
