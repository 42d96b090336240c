"""`lsi link review`: a person decides about pairs of records that the model is not sure of.

Raw values are shown here and nowhere else: run it in the zone of the district, on a terminal.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from openlsi.cli.linking import link_landing, open_vault, people_of
from openlsi.config import District, load_configuration
from openlsi.extract.chain import Ledger
from openlsi.home import Home
from openlsi.identity.keys import master_key
from openlsi.identity.linkage_review import (
    Pair,
    ReviewError,
    keep_decision,
    lay_pairs,
    pairs_left,
)
from openlsi.identity.person_records import Decision, gather, open_memory

_SHOWN = ("source", "surname", "forenames", "birth_date", "nino", "address", "postcode", "uprn")
_ANSWERS = {"s": "same", "same": "same", "d": "different", "different": "different"}
_SKIP = {"", "k", "skip"}
_QUIT = {"q", "quit"}


def review(
    by: Annotated[str | None, typer.Option("--by", help="Who decides; kept with it.")] = None,
    district: Annotated[
        str | None, typer.Option("--district", help="Only this one, by slug or ONS code.")
    ] = None,
    list_only: Annotated[
        bool, typer.Option("--list", help="Only count the pairs; shows no names.")
    ] = False,
) -> None:
    """Walk through pairs that may be one person: same, different or skip."""
    home = Home.from_environment()
    if not list_only and not (by and by.strip()):
        raise ReviewError("nobody is named; say who decides with --by NAME")
    folder = link_landing(home).folder
    taken = 0
    for one in _districts(home, district):
        with open_memory() as con:
            left = _open_district(home, one, con, folder)
            if list_only:
                print(f"{one.name}: {len(left):,} pairs to review")
            elif left:
                decided, is_over = _walk(home, one, left, (by or "").strip())
                taken += decided
                if is_over:
                    break
    if not list_only:
        print(f"{taken} decided; the next `lsi link` or `lsi run` applies them")


def _districts(home: Home, named: str | None) -> list[District]:
    configuration = load_configuration(home)
    if named is None:
        return configuration.districts
    found = [d for d in configuration.districts if named in (d.slug, d.code)]
    if not found:
        known = ", ".join(d.slug for d in configuration.districts)
        raise ReviewError(f"{named}: no such district; expected one of {known}")
    return found


def _open_district(
    home: Home, district: District, con: duckdb.DuckDBPyConnection, folder: Path
) -> list[Pair]:
    """Return the pairs of a district that nobody has decided, with what their records say."""
    queued = duckdb.sql(
        f"select one_key, other_key, score from '{folder / 'review.parquet'}'"
        f" where district_code = '{district.code}'"
        " order by score desc, one_key, other_key"
    ).to_arrow_table()
    if queued.num_rows == 0:
        return []
    ledger = Ledger.read(home)
    accepted = [e for e in ledger.accepted() if e["district_code"] == district.code]
    master = master_key(home, load_configuration(home).is_demo)
    vault = open_vault(home, master, ledger, district, accepted)
    gather(con, vault, people_of(home))
    lay_pairs(con, vault, queued)
    return pairs_left(con)


def _walk(home: Home, district: District, left: list[Pair], by: str) -> tuple[int, bool]:
    """Ask about each pair; return how many were decided, and whether the reviewer stopped."""
    answers = _answers()
    decided = 0
    for number, pair in enumerate(left, 1):
        _show(district, number, len(left), pair)
        answer = next(answers, "q")
        while answer not in _ANSWERS and answer not in _SKIP | _QUIT:
            print("  answer s (same), d (different), k (skip) or q (quit)")
            answer = next(answers, "q")
        if answer in _QUIT:
            return decided, True
        if answer in _ANSWERS:
            at = datetime.now(UTC).isoformat(timespec="seconds")
            decision = Decision(pair.one_token, pair.other_token, _ANSWERS[answer], by, at)
            keep_decision(home.vault / district.slug, decision)
            decided += 1
    return decided, False


def _answers() -> Iterator[str]:
    """Yield what is typed or piped in, a line at a time, until there is no more."""
    for line in sys.stdin:
        yield line.strip().lower()


def _show(district: District, number: int, count: int, pair: Pair) -> None:
    print(f"\n{district.name}, pair {number:,} of {count:,}, probability {pair.score:.2f}")
    for name in _SHOWN:
        print(f"  {name.replace('_', ' '):<11} {pair.one[name]:<38} {pair.other[name]}")
    print("  same, different, skip or quit? [s/d/k/q] ", end="", flush=True)


def register(app: typer.Typer) -> None:
    """Add this area's commands."""
    app.command("review")(review)
