"""The households of a cohort as linkage calls them by now.

A household's key is that which one of its records gives it. Later links may join households, part
them or name one after another record; the record that gave the key of then still finds it.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from openlsi.campaigns.outcomes import DATES, POUNDS

_HOUSEHOLDS = """
create table households as
-- distinct: a household has several claims and accounts
select distinct household_key as key_then, household_key
from read_parquet($units) where household_key is not null
union all
select known_as_key, household_key from read_parquet($known_as)
"""
# Of several households that are one by now the contact counts, since it was made.
_COHORT = """
with by_now as (
    select
        cohort.* exclude (household_key),
        coalesce(households.household_key, cohort.household_key) as household_key,
        households.household_key is not null as is_linked
    from cohort
    left join households on cohort.household_key = households.key_then
)
select
    *,
    count(*) over (partition by campaign_key, household_key) - 1 as joined_count
from by_now
qualify row_number() over (
    partition by campaign_key, household_key
    order by array_position(['contact', 'holdout', 'comparison'], arm), case_ref
) = 1  -- households that are one by now
"""
_OUTCOMES = f"""
select
    outcome.campaign_key,
    outcome.district_code,
    coalesce(households.household_key, outcome.household_key) as household_key,
    min(outcome.case_ref) as case_ref,
    {", ".join(f"min(outcome.{name}) as {name}" for name in DATES)},
    {", ".join(f"sum(outcome.{name}) as {name}" for name in POUNDS)}
from outcome
left join households on outcome.household_key = households.key_then
group by all
"""


def followed(cohort: pa.Table, outcome: pa.Table, links: Path) -> tuple[pa.Table, pa.Table]:
    """Return a cohort's households, and what is told of them, under the keys of a link set.

    One that no record finds keeps its key and is not linked. Where several are one household by
    now, one row stays, with how many were joined to it; pounds told of them are added.
    """
    files = {"units": "benefit_unit", "known_as": "known_as"}
    with duckdb.connect(config={"temp_directory": ""}) as con:
        con.register("cohort", cohort)
        con.register("outcome", outcome)
        con.execute(
            _HOUSEHOLDS, {name: str(links / f"{file}.parquet") for name, file in files.items()}
        )
        return con.execute(_COHORT).to_arrow_table(), con.execute(_OUTCOMES).to_arrow_table()
