"""How much of each feed was linked, by district: the figures that show where linkage is weak."""

from __future__ import annotations

import duckdb

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


def find_match_rates(con: duckdb.DuckDBPyConnection) -> None:
    """Make `match_rate`: records and matched records by district, source, kind and rule."""
    con.execute(_MATCH_RATES)
