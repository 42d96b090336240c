"""How much of each feed was linked, by district: the figures that show where linkage is weak."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import duckdb

from openlsi.identity.linkage_sources import SOURCES

# Two kinds of rows: claims and accounts whose household another feed knows too, and records of
# people whom another record of any feed is joined to; each by the rule that did it.
_MATCH_RATES = """
create temp table match_rate as
with households as (
    -- distinct: an account shared by two units is one account
    select district_code, household_key, count(distinct source) > 1 as is_shared
    from benefit_unit
    group by all
),
accounts_and_claims as (
    select benefit_unit.district_code, benefit_unit.source, benefit_unit.source_key,
        min(benefit_unit.rule) as rule, bool_or(households.is_shared) as is_matched
    from benefit_unit
    join households using (district_code, household_key)
    group by all
),
people as (
    select district_code, person_key, count(*) > 1 as is_matched
    from person
    group by all
),
told as (
    select district_code, source, 'household' as kind, rule, is_matched
    from accounts_and_claims
    union all
    select person.district_code, person.source, 'person', person.rule, people.is_matched
    from person
    join people using (district_code, person_key)
)
select told.district_code, sources_told.feed, told.source, told.kind, told.rule,
    count(*) as record_count, count(*) filter (told.is_matched) as matched_count
from told
join sources_told using (source)
group by all
"""


_MET = """
create temp table met as
with households as (
    select district_code, household_key, count(distinct source) > 1 as is_shared
    from read_parquet($units)
    group by all
)
-- grouped: an account shared by two units is one account
select units.district_code, units.source, units.source_key, bool_or(is_shared) as is_met
from read_parquet($units) as units
join households using (district_code, household_key)
group by all
"""


def extract_match_rates(
    folder: Path, landed: Mapping[tuple[str, str], Sequence[Path]]
) -> dict[str, Decimal]:
    """Return by extract which share of its claims or accounts meets another feed, from 0 to 1.

    `folder` is a finished link set; `landed` is (feed, record) → the files to be told of.
    """
    rates: dict[str, Decimal] = {}
    # A row a claim is held in memory; it must not spill to wherever the command was started.
    with duckdb.connect(config={"temp_directory": ""}) as con:
        con.execute(_MET, {"units": str(folder / "benefit_unit.parquet")})
        for source in SOURCES:
            files = [str(path) for path in landed.get((source.feed, source.record), ())]
            if not source.is_unit or not files:
                continue
            rows = con.execute(
                f"""
                select told.extract_id, count(*), count(*) filter (met.is_met)
                from read_parquet($files, hive_partitioning = false) as told
                left join met
                    on met.source = '{source.name}' and met.district_code = told.district_code
                    and met.source_key = told.{source.key}
                group by told.extract_id
                """,
                {"files": files},
            ).fetchall()
            rates |= {extract_id: Decimal(met) / Decimal(count) for extract_id, count, met in rows}
    return rates


def find_match_rates(con: duckdb.DuckDBPyConnection) -> None:
    """Make `match_rate`: records and matched records by district, source, kind and rule."""
    con.execute(_MATCH_RATES)
