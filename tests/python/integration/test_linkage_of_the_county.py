"""Linkage end to end, from made-up files to household keys, held against who the people are.

The truth ledger says who stands in each claim and account; landing knows them by keys only. A pair
of records of two feeds is true where both are one household's (or one person's), found where
linkage gave both one key. Most pairs of households are joined by references that the files carry,
as real ones do; those of people rest on numbers, names, birth dates and homes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
import pytest
from built_county import BuiltCounty

from openlsi.cli.linking import link_landing
from openlsi.home import Home
from reconciliation.landing_keys import keyed

PRECISION, RECALL = 0.99, 0.90
# What a feed's records are called in the links, and the purpose that keys their references.
SOURCES = {
    "council_tax": ("council_tax_account", "account"),
    "cts": ("cts_claim", "claim"),
    "housing_benefit": ("hb_claim", "hb_claim"),
    "universal_credit": ("uc_claim", "uc_claim"),
    "rent": ("rent_account", "rent_account"),
}

# Somebody who is nobody's household with support stands for a household of their own.
_SAID = """
create table said as
with told as (
    select distinct feed, district_code, source_ref, household_id, person_id,
        case when role in ('lead', 'claimant', 'tenant') then 'lead' else 'partner' end as role
    from read_parquet($people)
    union all
    select 'cts', district_code, claim_ref, household_id, claimant_person_id, 'lead'
    from read_parquet($households)
)
select feed, district_code, source_ref, role, person_id,
    coalesce(household_id, max(person_id) filter (role = 'lead') over (
        partition by feed, district_code, source_ref)) as household_id
from told
where feed in (select unnest($feeds))
"""

# Both sides name a record by feed, district and key, and tell what it belongs to (`unit`).
_COUNTED = """
with true_pairs as ({true_pairs}), found_pairs as ({found_pairs})
select coalesce(true_pairs.one_feed, found_pairs.one_feed) as one_feed,
    coalesce(true_pairs.other_feed, found_pairs.other_feed) as other_feed,
    count(true_pairs.one_key), count(found_pairs.one_key),
    count(*) filter (true_pairs.one_key is not null and found_pairs.one_key is not null)
from true_pairs
full outer join found_pairs using (one_feed, other_feed, district_code, one_key, other_key)
group by all order by all
"""


def pairs(of: str) -> str:
    """Return the query of all pairs of records of two feeds that share a unit."""
    return f"""
        -- distinct: two people in common are one pair of records
        select distinct one.feed as one_feed, other.feed as other_feed, one.district_code,
            one.record_key as one_key, other.record_key as other_key
        from {of} as one
        join {of} as other using (district_code, unit)
        where one.feed < other.feed
    """


@dataclass(frozen=True)
class Counted:
    """Pairs of records of two feeds: that are true, that were found, and that are both."""

    true: int
    found: int
    both: int

    @property
    def precision(self) -> float:
        return self.both / self.found

    @property
    def recall(self) -> float:
        return self.both / self.true


Pair = tuple[str, str]


@pytest.fixture(scope="module")
def con(county: BuiltCounty) -> duckdb.DuckDBPyConnection:
    """A session with `true_household`, `true_person`, `found_household` and `found_person`."""
    home = county.home
    con = duckdb.connect()
    con.execute(
        _SAID,
        {
            "people": str(home.truth / "people.parquet"),
            "households": str(home.truth / "households.parquet"),
            "feeds": list(SOURCES),
        },
    )
    con.execute("create table record_keys (feed text, district_code text, source_ref text, k text)")
    told = con.execute("select distinct feed, district_code, source_ref from said").fetchall()
    con.executemany("insert into record_keys values (?, ?, ?, ?)", list(_keys(home, told)))
    links = link_landing(home).folder
    names = ", ".join(f"('{feed}', '{source}')" for feed, (source, _) in SOURCES.items())
    con.execute(f"create table names as from (values {names}) as names(feed, source)")
    for what, file, unit in (
        ("household", "benefit_unit", "household_key"),
        ("person", "person", "person_key"),
    ):
        con.execute(
            f"create table found_{what} as"
            f" select names.feed, district_code, source_key as record_key, {unit} as unit"
            f" from '{links / file}.parquet' join names using (source)"
        )
        # Not every claim of the truth is in an extract of these months, or in one without a fault.
        con.execute(
            f"create table true_{what} as"
            f" select feed, district_code, k as record_key, {what}_id as unit"
            " from said join record_keys using (feed, district_code, source_ref)"
            f" where (feed, district_code, k) in"
            f" (select (feed, district_code, record_key) from found_{what})"
        )
    return con


def _keys(home: Home, told: list[tuple[str, str, str]]) -> Iterable[tuple[str, str, str, str]]:
    for feed, code in {row[:2] for row in told}:
        refs = [ref for of_feed, of_code, ref in told if (of_feed, of_code) == (feed, code)]
        found = keyed(home, code, SOURCES[feed][1], refs)
        yield from ((feed, code, ref, key) for ref, key in found.items())


def counted(con: duckdb.DuckDBPyConnection, what: str) -> dict[Pair, Counted]:
    """Count the pairs of households or people, by the two feeds."""
    query = _COUNTED.format(true_pairs=pairs(f"true_{what}"), found_pairs=pairs(f"found_{what}"))
    return {(row[0], row[1]): Counted(*row[2:]) for row in con.execute(query).fetchall()}


def test_every_record_of_the_links_is_somebodys_in_the_truth(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """A record that the truth does not know could be linked wrongly and not be counted."""
    unknown = con.execute(
        "select feed, count(*) from found_household"
        " anti join true_household using (feed, district_code, record_key) group by feed"
    ).fetchall()
    assert unknown == []


# Whoever of this county is on Universal Credit has no Housing Benefit before or after: those two
# meet nobody in common.
DEMANDED = {
    ("council_tax", "cts"), ("council_tax", "housing_benefit"), ("council_tax", "rent"),
    ("council_tax", "universal_credit"), ("cts", "housing_benefit"), ("cts", "rent"),
    ("cts", "universal_credit"), ("housing_benefit", "rent"), ("rent", "universal_credit"),
}  # fmt: skip


@pytest.mark.parametrize("what", ["household", "person"])
def test_links_between_feeds_are_right_and_many(con: duckdb.DuckDBPyConnection, what: str) -> None:
    found = counted(con, what)
    assert found.keys() >= DEMANDED
    too_few = {
        pair: one
        for pair, one in found.items()
        if one.both < PRECISION * one.found or one.both < RECALL * one.true
    }
    assert too_few == {}


@pytest.mark.parametrize("what", ["household", "person"])
@pytest.mark.parametrize("damage", ["two in one", "one in two"])
def test_the_measure_sees_one_in_twenty_linked_wrongly_or_not_at_all(
    con: duckdb.DuckDBPyConnection, what: str, damage: str
) -> None:
    every_twentieth = "hash(unit) % 20 = 0"
    damaged = {
        # Units fall together with another of their district.
        "two in one": f"case when {every_twentieth} then"
        " first(unit) over (partition by district_code order by unit) else unit end",
        # Each record of the unit is alone.
        "one in two": "case when hash(unit) % 5 = 0 then record_key || feed else unit end",
    }[damage]
    con.execute("begin")
    try:
        con.execute(
            f"create or replace table found_{what} as"
            f" select feed, district_code, record_key, {damaged} as unit from found_{what}"
        )
        all_pairs = counted(con, what).values()
    finally:
        con.execute("rollback")
    if damage == "two in one":
        assert min(one.precision for one in all_pairs) < PRECISION
    else:
        assert min(one.recall for one in all_pairs) < RECALL
