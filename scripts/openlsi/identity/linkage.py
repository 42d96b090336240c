"""Who is the same person, and which claims and accounts belong to one benefit unit.

Works on keys only, over the full set of months, district by district: keys of two districts are
never equal, so nothing here can join a household across a boundary.

The rules, in order (each link keeps the name of the rule that made it):

1. *person*: the same National Insurance number is the same person. A name with a date of birth
   stands for the number it always appears with; one that appears with two numbers is ambiguous
   and joins nothing.
2. *claim*: a claim is one benefit unit for as long as it runs, through moves, and when claimant
   and partner change places.
3. *lead person*: a later claim by somebody who led an earlier one is the same unit.
4. *claim on account*: a council tax account belongs to the unit that is awarded support on it;
   two units on one account share it.
5. *account only*: any other account is a unit of its own. Without a number or a date of birth it
   cannot be followed through a move.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from openlsi.errors import LsiError
from openlsi.home import Home

# Part of the fingerprint of a link set: raise it when a rule above changes.
RULES_VERSION = "1"


class LinkageError(LsiError):
    """The link step cannot finish; nothing it wrote is used."""


@dataclass(frozen=True)
class LinkedSet:
    """One finished link set: its folder and how many rows each file holds."""

    folder: Path
    person_count: int
    benefit_unit_count: int


_APPEARANCES = """
create temp table appearances as
select distinct district_code, claim_key, role, nino_key, name_dob_key
from (
    select district_code, claim_key, 'lead' as role,
           claimant_nino_key as nino_key, claimant_name_dob_key as name_dob_key
    from read_parquet($awards)
    union all
    select district_code, claim_key, 'partner', partner_nino_key, partner_name_dob_key
    from read_parquet($awards)
)
where nino_key is not null or name_dob_key is not null
"""

_PERSONS = """
create temp table persons as
with numbers_of_a_name as (
    select district_code, name_dob_key,
           count(distinct nino_key) as nino_count, min(nino_key) as nino_key
    from appearances
    where name_dob_key is not null and nino_key is not null
    group by all
)
select distinct
    appearances.district_code,
    appearances.nino_key,
    appearances.name_dob_key,
    md5(concat_ws('|', 'person', appearances.district_code, coalesce(
        appearances.nino_key,
        case when numbers_of_a_name.nino_count = 1 then numbers_of_a_name.nino_key end,
        appearances.name_dob_key
    ))) as person_key,
    case
        when appearances.nino_key is not null then 'nino'
        when numbers_of_a_name.nino_count = 1 then 'name_and_birth_of_nino'
        else 'name_and_birth'
    end as rule
from appearances
left join numbers_of_a_name using (district_code, name_dob_key)
"""

# A claim whose lead person has neither number nor date of birth stands alone.
_EDGES = """
create temp table edges as
select distinct
    appearances.district_code,
    'c:' || claim_key as claim_node,
    'p:' || person_key as person_node
from appearances
join persons
    on appearances.district_code = persons.district_code
    and appearances.nino_key is not distinct from persons.nino_key
    and appearances.name_dob_key is not distinct from persons.name_dob_key
where role = 'lead'
"""

_NODES = """
create temp table nodes as
with claim_months as (
    select district_code, 'c:' || claim_key as node, min(month) as first_month
    from read_parquet($awards)
    group by all
),
person_months as (
    select
        edges.district_code,
        edges.person_node as node,
        min(claim_months.first_month) as first_month
    from edges
    join claim_months
        on edges.district_code = claim_months.district_code and edges.claim_node = claim_months.node
    group by all
),
ordered as (
    select *, row_number() over (order by district_code, first_month, node) as label
    from (select * from claim_months union all select * from person_months)
)
select district_code, node, label, label as own_label from ordered
"""

# Every node takes the smallest label among itself and its neighbours until nothing changes;
# labels follow first month, so a unit is named after the earliest thing known of it and later
# months cannot rename it.
_SPREAD = """
create or replace temp table next_nodes as
with neighbours as (
    select district_code, claim_node as node, person_node as other from edges
    union all
    select district_code, person_node, claim_node from edges
),
offered as (
    select neighbours.district_code, neighbours.node, min(nodes.label) as label
    from neighbours
    join nodes on neighbours.district_code = nodes.district_code and neighbours.other = nodes.node
    group by all
)
select
    nodes.district_code, nodes.node, nodes.own_label,
    least(nodes.label, coalesce(offered.label, nodes.label)) as label
from nodes
left join offered using (district_code, node)
"""

_UNITS = """
create temp table units as
with claim_units as (
    select
        nodes.district_code,
        substr(nodes.node, 3) as claim_key,
        md5(concat_ws('|', 'unit', nodes.district_code, first_nodes.node)) as household_key,
        case when nodes.own_label = nodes.label then 'claim' else 'lead_person' end as rule
    from nodes
    join nodes as first_nodes on nodes.label = first_nodes.own_label
    where nodes.node like 'c:%'
),
account_units as (
    select distinct awards.district_code, awards.account_key, claim_units.household_key
    from read_parquet($awards) as awards
    join claim_units using (district_code, claim_key)
    where awards.account_key is not null
),
accounts as (
    select distinct district_code, account_key from read_parquet($accounts)
)
select district_code, 'cts_claim' as source, claim_key as source_key, household_key, rule
from claim_units
union all
select
    accounts.district_code, 'council_tax_account', accounts.account_key,
    coalesce(
        account_units.household_key,
        md5(concat_ws('|', 'unit', accounts.district_code, 'a:' || accounts.account_key))
    ),
    case when account_units.household_key is null then 'account_only' else 'claim_on_account' end
from accounts
left join account_units using (district_code, account_key)
"""


def _spread_labels(con: duckdb.DuckDBPyConnection) -> None:
    """Run the label spreading to its fixed point."""
    while True:
        con.execute(_SPREAD)
        changed = con.execute(
            "select count(*) from next_nodes join nodes using (district_code, node)"
            " where next_nodes.label <> nodes.label"
        ).fetchone()
        con.execute("drop table nodes")
        con.execute("alter table next_nodes rename to nodes")
        if not changed or changed[0] == 0:
            return


def _apply_rules(
    con: duckdb.DuckDBPyConnection, awards: Sequence[Path], accounts: Sequence[Path]
) -> None:
    """Make tables `persons` and `units` by the rules, in their order."""
    files = {"awards": [str(path) for path in awards]}
    con.execute(_APPEARANCES, files)
    con.execute(_PERSONS)
    con.execute(_EDGES)
    con.execute(_NODES, files)
    _spread_labels(con)
    con.execute(_UNITS, files | {"accounts": [str(path) for path in accounts]})


def _write(con: duckdb.DuckDBPyConnection, relation: str, order: str, path: Path) -> int:
    con.execute(
        f"copy (select * from {relation} order by {order}) to '{path}'"
        " (format parquet, compression zstd)"
    )
    counted = con.execute(f"select count(*) from {relation}").fetchone()
    return int(counted[0]) if counted else 0


def link(
    home: Home, fingerprint: str, awards: Sequence[Path], accounts: Sequence[Path]
) -> LinkedSet:
    """Link the awards and accounts in force and write `links/<fingerprint>/`.

    Writes `person.parquet` (one row a number and name-with-birth pair) and
    `benefit_unit.parquet` (one row a claim or account and its household). The folder appears
    whole or not at all.
    """
    if not awards or not accounts:
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
        _apply_rules(con, awards, accounts)
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
