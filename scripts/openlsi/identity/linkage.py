"""Which claims and accounts of all feeds belong to one benefit unit, and who is the same person.

Works on keys only, over the full set of months, district by district: keys of two districts are
never equal, so nothing here can join a household across a boundary.

The rules, in order; each link keeps the name of the rule that made it:

1. *claim*: a claim for Council Tax Support is one benefit unit for as long as it runs, through
   moves, and when claimant and partner change places.
2. *cts_claim_bridge*, *account_bridge*: a claim or award that names a claim for support, or a
   council tax account with one on it, belongs to that unit.
3. *nino*: who leads a claim leads its unit, in every feed; a couple may be written the other way
   round. A tenant or applicant follows the claim that they lead or are the partner in.
4. *dwelling_and_name*: a tenancy in the dwelling of an account with the same name on it.
5. *name_and_birth*: as *nino*, by name and date of birth, where these have one number at most.
6. *lead_person*: a later claim of the same kind by the same person.
7. *claim_on_account*: a council tax account belongs to the unit that is awarded support on it,
   else Housing Benefit; two units on one account share it.
8. *…_only*: whatever no rule reaches is a unit of its own.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from openlsi.errors import LsiError
from openlsi.home import Home
from openlsi.identity.linkage_edges import find_edges
from openlsi.identity.linkage_people import find_people
from openlsi.identity.linkage_sources import read_sources
from openlsi.identity.linkage_units import find_units

# Part of the fingerprint of a link set: raise it when a rule above changes.
RULES_VERSION = "2"


class LinkageError(LsiError):
    """The link step cannot finish; nothing it wrote is used."""


@dataclass(frozen=True)
class LinkedSet:
    """One finished link set: its folder and how many rows each file holds."""

    folder: Path
    person_count: int
    benefit_unit_count: int


def _write(con: duckdb.DuckDBPyConnection, relation: str, order: str, path: Path) -> int:
    con.execute(
        f"copy (select * from {relation} order by {order}) to '{path}'"
        " (format parquet, compression zstd)"
    )
    counted = con.execute(f"select count(*) from {relation}").fetchone()
    return int(counted[0]) if counted else 0


def link(
    home: Home, fingerprint: str, landed: Mapping[tuple[str, str], Sequence[Path]]
) -> LinkedSet:
    """Link what is landed, (feed, record) → files in force, and write `links/<fingerprint>/`.

    Feeds that nobody sends link nothing. Writes `person.parquet` (one row a number and
    name-with-birth pair) and `benefit_unit.parquet` (one row a claim or account and its
    household). The folder appears whole or not at all.
    """
    if not landed.get(("cts", "award")) or not landed.get(("council_tax", "account")):
        raise LinkageError(
            "nothing to link: no Council Tax Support awards or no council tax accounts are loaded;"
            " run `lsi load` first"
        )
    building = home.links / f".building-{fingerprint}"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True, mode=0o700)
    with duckdb.connect() as con:
        con.execute("set memory_limit = '3GB'")
        con.execute(f"set temp_directory = '{building / 'spill'}'")
        con.execute("set max_temp_directory_size = '10GB'")
        read_sources(con, landed)
        find_people(con)
        find_edges(con)
        find_units(con)
        persons = _write(
            con,
            "persons",
            "district_code, person_key, nino_key, name_dob_key",
            building / "person.parquet",
        )
        units = _write(
            con,
            "units",
            "district_code, source, source_key, household_key",
            building / "benefit_unit.parquet",
        )
    shutil.rmtree(building / "spill", ignore_errors=True)
    folder = home.links / fingerprint
    shutil.rmtree(folder, ignore_errors=True)
    building.rename(folder)
    return LinkedSet(folder=folder, person_count=persons, benefit_unit_count=units)
