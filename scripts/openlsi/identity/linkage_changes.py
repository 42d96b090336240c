"""Which keys differ from the link set before: merged, split or renamed."""

from __future__ import annotations

from pathlib import Path

import duckdb

_CHANGES = """
create temp table changes as
with pairs as (
    select former.district_code, 'household' as subject, former.household_key as old_key,
        benefit_unit.household_key as new_key, count(*) as record_count
    from {units} as former
    join benefit_unit using (district_code, source, source_key)
    group by all
    union all
    select former.district_code, 'person', former.person_key, person.person_key, count(*)
    from {people} as former
    join person using (district_code, source, source_key, role)
    -- A role that two people had in turn would look as if they had changed places.
    anti join (
        select district_code, source, source_key, role
        from person group by all having count(distinct person_key) > 1
    ) as in_turn using (district_code, source, source_key, role)
    group by all
),
counted as (
    select *,
        count(*) over (partition by district_code, subject, old_key) as new_count,
        count(*) over (partition by district_code, subject, new_key) as old_count
    from pairs
)
select district_code, subject,
    case when old_count > 1 then 'merged' when new_count > 1 then 'split' else 'renamed' end
        as kind,
    old_key, new_key, record_count
from counted
where old_key <> new_key
"""
_NONE = """
create temp table changes (
    district_code varchar, subject varchar, kind varchar, old_key varchar, new_key varchar,
    record_count bigint
)
"""


def changes_since(con: duckdb.DuckDBPyConnection, previous: Path | None) -> None:
    """Make `changes`: keys of claims, accounts and people known to both link sets that differ."""
    files = (
        [previous / f"{name}.parquet" for name in ("benefit_unit", "person")] if previous else []
    )
    if not files or not all(file.exists() for file in files):
        con.execute(_NONE)
        return
    units, people = (f"read_parquet('{file}')" for file in files)
    con.execute(_CHANGES.format(units=units, people=people))
