"""Custody after loading: `lsi keys rotate`, `lsi retain`, `lsi erase`, `lsi governance`."""

from __future__ import annotations

import getpass
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from openlsi.cli.load import keys_app
from openlsi.cli.progress import Narrator
from openlsi.cli.renewal import renew, settle, stale
from openlsi.cli.warehouse import Today, as_date
from openlsi.config import load_configuration
from openlsi.extract.erasing import erase_person
from openlsi.extract.key_rotation import rotate_keys
from openlsi.extract.refusals import ExtractError
from openlsi.extract.retaining import retain
from openlsi.home import Home
from openlsi.identity.erasure import Sought
from openlsi.identity.people import CASE_PURPOSES
from openlsi.warehouse.governance import write_governance

By = Annotated[str, typer.Option("--by", help="Who does it, for the ledger.")]
Why = Annotated[str, typer.Option("--why", help="Why, for the ledger.")]
Of = Annotated[str, typer.Argument(help="The district, by slug or ONS code.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done; do nothing.")]


Later = Annotated[
    bool,
    typer.Option("--later", help="Leave building and rendering again to the next `lsi run`."),
]


def _finish(home: Home, later: bool, today: date) -> None:
    """Remove what was made of landing before, and make what readers open again, or say so."""
    from openlsi.packs.keeping import clear

    settle(home)
    for pack in clear(home, load_configuration(home), today):
        print(f"{pack.event['district']}: removed pack {pack.event['pack']}")
    if not later and any(stale(home)):
        renew(home, Narrator())
    if left := " and ".join(stale(home)):
        print(f"Run `lsi run` now: not made again yet: {left}.")


@keys_app.command("rotate")
def rotate(
    district: Of,
    to: Annotated[str, typer.Option("--to", help="The new key id, such as k2; never used before.")],
    by: By,
    why: Why,
    later: Later = False,
) -> None:
    """Key a district anew: landing and vault are rewritten, and nobody is lost or merged."""
    from openlsi.cli.cohorts import follow_keys, has_cohorts

    home = Home.from_environment()
    # Before anything is keyed anew: a cohort that was changed could not follow.
    has_cohorts(home, district)
    rotated = rotate_keys(home, district, to, by, why)
    if rotated.is_new:
        print(
            f"{rotated.district}: {rotated.keys:,} keys made anew in {rotated.extracts} extracts,"
            f" {rotated.rows:,} rows; {rotated.former} is done with. The ledger decides from here"
            f" on, so key_id in districts.yml may stay or become {to}."
        )
    else:
        print(f"{rotated.district} is keyed with {to} already")
    followed = follow_keys(home, district)
    if followed.campaigns:
        print(
            f"{rotated.district}: {followed.households:,} households of {followed.campaigns}"
            f" campaigns follow; of {followed.without_records:,} no record is held any more"
        )
    _finish(home, later, as_date(None))


def retain_command(
    today: Today = None,
    dry_run: DryRun = False,
    later: Later = False,
) -> None:
    """Let go of months, linking keys and campaigns past their retention, and of old originals."""
    from openlsi.cli.cohorts import let_go_past, past_retention, past_words

    home, day = Home.from_environment(), as_date(today)
    # Read before anything goes: one that was changed could not be added up, and is refused.
    past = past_retention(home, day)
    retained = retain(home, day, dry_run)
    verb = "would go" if dry_run else "let go"
    for one in retained.months:
        print(
            f"{one.district}, {one.feed}: {one.first:%Y-%m} to {one.last:%Y-%m} {verb},"
            f" {one.extracts} extracts, {one.rows:,} rows"
        )
    for gone in retained.links:
        print(
            f"{gone.district}, sharing {gone.sharing}: {gone.keys:,} linking keys of"
            f" {gone.first:%Y-%m} to {gone.last:%Y-%m} {verb}"
        )
    for district, files in retained.originals.items():
        print(f"{district}: {files} originals {verb}")
    for line in past_words(past, verb):
        print(line)
    if not retained.is_rewritten and not past:
        print("no month is past its retention")
    if not dry_run:
        let_go_past(home, past, day)
        _finish(home, later, day)


def _asked(what: str) -> str:
    """Read a value that must not stand in the list of processes or a shell's history."""
    if sys.stdin.isatty():
        return getpass.getpass(f"{what} (not shown): ").strip()
    return sys.stdin.readline().strip()


def _sought(nino: bool, name: bool, cases: list[str]) -> Sought:
    unknown = sorted(set(cases) - CASE_PURPOSES)
    if unknown:
        raise ExtractError(
            f"--ref {unknown[0]}: expected a kind of case: {', '.join(sorted(CASE_PURPOSES))}"
        )
    if not (nino or name or cases):
        raise ExtractError(
            "found nothing to know the person by; expected --nino, --name or --ref KIND: their"
            " values are asked for, or read from standard input, a line each"
        )
    number = _asked("National Insurance number") if nino else None
    named = None
    if name:
        named = (_asked("Surname"), _asked("Forenames"), _asked("Birth date as 1961-05-09"))
    return Sought(number, named, tuple((kind, _asked(f"Reference: {kind}")) for kind in cases))


def erase(
    district: Of,
    by: By,
    why: Why,
    nino: Annotated[
        bool, typer.Option("--nino", help="Ask for the National Insurance number.")
    ] = False,
    name: Annotated[
        bool, typer.Option("--name", help="Ask for surname, forenames and birth date.")
    ] = False,
    ref: Annotated[
        list[str] | None,
        typer.Option("--ref", help="Ask for a reference of this kind: account, claim, hb_claim …"),
    ] = None,
    dry_run: DryRun = False,
    later: Later = False,
) -> None:
    """Erase one person from a district. What they are known by is asked for, never an argument.

    The build that readers open and the site are made again without them.
    """
    from openlsi.cli.cohorts import forgetting

    home, sought = Home.from_environment(), _sought(nino, name, ref or [])
    forget = forgetting(home, district)
    done = erase_person(home, district, sought, by, why, dry_run, forget)
    told = (
        f"{done.rows:,} rows go and {done.rows_kept:,} rows of others are emptied of them, in"
        f" {done.extracts} extracts ({done.identities} identities)"
    )
    if done.cohort_rows:
        told += f"; {done.cohort_rows:,} rows of campaigns' cohorts go"
    if not done.is_done:
        print(f"{done.district}: found; {told}; nothing was changed")
        return
    print(
        f"{done.district}: erased; {told}; {done.originals} originals and {done.decisions}"
        " decisions of reviewers removed"
    )
    _finish(home, later, as_date(None))


def governance(
    out: Annotated[Path | None, typer.Option(help="Where to write; default: governance/.")] = None,
) -> None:
    """Write the record of sharing and the data-flow facts: CSV files, and a page to read."""
    home = Home.from_environment()
    for path in write_governance(home, out or home.root / "governance"):
        print(path)


def register(app: typer.Typer) -> None:
    """Add this area's commands; `keys` itself is added by the loader's."""
    app.command("retain")(retain_command)
    app.command()(erase)
    app.command()(governance)
