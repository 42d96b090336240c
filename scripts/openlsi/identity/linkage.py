"""Which claims and accounts of all feeds belong to one benefit unit, and who is the same person.

Over the full set of months, district by district: what leaves a district's vault are keys, keys of
two districts are never equal, and so nothing here can join a household across a boundary.

Who is the same person is found in the vault (person_resolution), or on keys alone where limits.yml
says `names: false`. Then the rules of households, in order; each link keeps the name of the rule
that made it:

1. *claim*: a claim for Council Tax Support is one benefit unit for as long as it runs, through
   moves, and when claimant and partner change places.
2. *cts_claim_bridge*, *account_bridge*: a claim or award that names a claim for support, or a
   council tax account with one on it, belongs to that unit.
3. *nino* and the other rules about people, surest first: who leads a claim leads its unit, in every
   feed; a couple may be written the other way round. A tenant, an applicant or an account holder
   follows the claim that they lead or are the partner in.
4. *dwelling_and_name*: a tenancy in the dwelling of an account with the same name on it.
5. *lead_person*: a later claim of the same kind by the same person.
6. *claim_on_account*: a council tax account belongs to the unit that is awarded support on it,
   else Housing Benefit; two units on one account share it.
7. *nino* and so on once more: a rent account is shared by the unit of its joint tenant, where that
   tenant leads a claim meanwhile and never belonged to the first tenant's unit.
8. *…_only*: whatever no rule reaches is a unit of its own.

A unit and a person are named after the earliest thing known of them, so later months rename nobody.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from openlsi.errors import LsiError
from openlsi.failpoints import reach
from openlsi.home import Home, private_folder
from openlsi.identity.linkage_changes import changes_since
from openlsi.identity.linkage_edges import find_edges
from openlsi.identity.linkage_limits import LinkageLimits
from openlsi.identity.linkage_people import find_people
from openlsi.identity.linkage_rates import find_match_rates
from openlsi.identity.linkage_review import lay_decisions
from openlsi.identity.linkage_sources import read_sources
from openlsi.identity.linkage_units import find_units
from openlsi.identity.person_records import DistrictVault, People, gather, open_memory
from openlsi.identity.person_resolution import REVIEW, keyed_people, pairs_to_review, resolve

# Part of the fingerprint of a link set: raise it when a rule changes.
RULES_VERSION = "5"

# Each file of a link set and the order of its rows, so that equal input gives equal bytes.
_FILES = {
    "person": "district_code, source, source_key, role, person_key, rule",
    "benefit_unit": "district_code, source, source_key, household_key",
    "known_as": "district_code, known_as_key",
    "match_rate": "district_code, source, kind, rule",
    "review": "district_code, score desc, one_key, other_key",
    "changes": "district_code, kind, subject, old_key, new_key",
}


class LinkageError(LsiError):
    """The link step cannot finish; nothing it wrote is used."""


@dataclass(frozen=True)
class Zone:
    """The secure zone that linkage works in: the vaults of its districts, opened one by one.

    `people` says which identifiers of a record describe whom; `limits` how sure a link must be.
    """

    vaults: Iterable[DistrictVault] = ()
    people: People = field(default_factory=dict)
    limits: LinkageLimits = field(default_factory=LinkageLimits)


@dataclass(frozen=True)
class LinkedSet:
    """One finished link set: its folder and how many rows each file holds."""

    folder: Path
    person_count: int
    benefit_unit_count: int
    review_count: int


def link(
    home: Home,
    fingerprint: str,
    landed: Mapping[tuple[str, str], Sequence[Path]],
    zone: Zone | None = None,
    previous: Path | None = None,
) -> LinkedSet:
    """Link what is landed, (feed, record) → files in force, and write `links/<fingerprint>/`.

    Feeds that nobody sends link nothing. Writes `person.parquet` (one row a claim's role and who
    it is), `benefit_unit.parquet` (one row a claim or account and its household),
    `known_as.parquet` (a household by each other key that one of its records would give it),
    `match_rate.parquet`, `review.parquet` (pairs for `lsi link review`) and `changes.parquet`
    (keys that differ from the link set `previous`). The folder appears whole or not at all.
    """
    if not landed.get(("cts", "award")) or not landed.get(("council_tax", "account")):
        raise LinkageError(
            "nothing to link: no Council Tax Support awards or no council tax accounts are loaded;"
            " run `lsi load` first"
        )
    building = home.links / f".building-{fingerprint}"
    shutil.rmtree(building, ignore_errors=True)
    private_folder(building)
    with duckdb.connect() as con:
        con.execute("set memory_limit = '3GB'")
        con.execute(f"set temp_directory = '{building / 'spill'}'")
        con.execute("set max_temp_directory_size = '10GB'")
        read_sources(con, landed)
        _people_of_zone(con, zone or Zone())
        find_edges(con)
        find_units(con)
        find_match_rates(con)
        changes_since(con, previous)
        for name, order in _FILES.items():
            con.execute(
                f"copy (select * from {name} order by {order}) to '{building / name}.parquet'"
                " (format parquet, compression zstd)"
            )
            reach("links.file_written")
    shutil.rmtree(building / "spill", ignore_errors=True)
    for path in building.iterdir():
        path.chmod(0o600)
        _flush(path)
    _flush(building)
    folder = home.links / fingerprint
    shutil.rmtree(folder, ignore_errors=True)
    reach("links.before_rename")
    building.rename(folder)
    reach("links.after_rename")
    _flush(home.links)
    return read_linked(folder)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_linked(folder: Path) -> LinkedSet:
    """Return a finished link set, by the rows of its files."""
    person, unit, review = (
        pq.read_metadata(folder / f"{name}.parquet").num_rows
        for name in ("person", "benefit_unit", "review")
    )
    return LinkedSet(folder, person, unit, review)


def _people_of_zone(con: duckdb.DuckDBPyConnection, zone: Zone) -> None:
    """Make `person` and `roles`, and `review` out of the vaults; raw values stay in each memory."""
    people, review = [], [REVIEW.empty_table()]
    for vault in zone.vaults:
        seen = con.execute(
            "select node, role, nino_key, name_dob_key, name_key, first_month from seen"
            " where district_code = $code",
            {"code": vault.district_code},
        ).to_arrow_table()
        with open_memory() as zone_con:
            gather(zone_con, vault, zone.people, seen)
            lay_decisions(zone_con, vault)
            resolve(zone_con, zone.limits)
            people.append(keyed_people(zone_con, vault.district_code))
            review.append(pairs_to_review(zone_con, vault.district_code))
    find_people(con, people)
    con.register("arriving", pa.concat_tables(review))
    con.execute("create temp table review as select * from arriving")
    con.unregister("arriving")
