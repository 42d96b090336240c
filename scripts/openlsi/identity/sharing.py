"""Pupils and the households of their parents, met across controllers by a named sharing only.

Nothing here runs unless districts.yml names the sharing (definition 27). It works on linking keys,
which every sender makes alike; all other keys of two senders are unequal.

The rules, in order, for each pupil at each census; the link keeps the name of its rule:

1. *nino*: a Universal Credit claim whose claimant or partner has the parent's number.
2. *name_and_birth*: else one whose claimant or partner has the parent's name and birth date.

Of several claims the one with an award nearest to the census counts. Two claims as near as each
other tell nothing: such a pupil is not linked.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

# The sharing of districts.yml that must be named, and the feeds that it must name.
FREE_SCHOOL_MEALS = "free_school_meals"
FEEDS = frozenset({"free_school_meals", "universal_credit"})
# Part of the fingerprint of a link set: raise it when a rule above changes.
RULES_VERSION = "1"
FILE = "pupil_household.parquet"

_PUPILS = """
create temp table pupils as
select pupil_key, month, fsm_nino_key, fsm_name_dob_key
from read_parquet($pupils, hive_partitioning = false)
where coalesce(fsm_nino_key, fsm_name_dob_key) is not null
"""

# The months in which each adult of a claim is seen under a key.
_ADULTS = """
create temp table adults as
with roles as (
    select district_code, uc_key, month, fsm_nino_key as nino_key, fsm_name_dob_key as name_dob_key
    from read_parquet($awards, hive_partitioning = false)
    union all
    select district_code, uc_key, month, fsm_partner_nino_key, fsm_partner_name_dob_key
    from read_parquet($awards, hive_partitioning = false)
)
select 'nino' as rule, nino_key as link_key, district_code, uc_key, month
from roles where nino_key is not null
union all
select 'name_and_birth', name_dob_key, district_code, uc_key, month
from roles where name_dob_key is not null
"""

_MATCHES = """
create temp table matches as
with wanted as (
    select pupil_key, month as census_month, 'nino' as rule, 1 as rank, fsm_nino_key as link_key
    from pupils where fsm_nino_key is not null
    union all
    select pupil_key, month, 'name_and_birth', 2, fsm_name_dob_key
    from pupils where fsm_name_dob_key is not null
),
met as (
    select
        wanted.pupil_key, wanted.census_month, wanted.rule, wanted.rank,
        adults.district_code, adults.uc_key,
        min(abs(datediff('month', adults.month, wanted.census_month))) as months_apart
    from wanted
    join adults on wanted.rule = adults.rule and wanted.link_key = adults.link_key
    group by all
),
nearest as (
    select *,
        count(*) over (partition by pupil_key, census_month, rank, months_apart) as claim_count
    from met
    qualify
        rank = min(rank) over (partition by pupil_key, census_month)
        and row_number() over (
            partition by pupil_key, census_month order by rank, months_apart, district_code, uc_key
        ) = 1
)
select pupil_key, census_month, district_code, uc_key, rule
from nearest
where claim_count = 1
"""

_LINKS = """
select
    matches.pupil_key, matches.census_month, matches.district_code, matches.uc_key,
    units.household_key, matches.rule
from matches
left join read_parquet($units) as units
    on matches.district_code = units.district_code
    and matches.uc_key = units.source_key
    and units.source = 'uc_claim'
"""

_NONE = """
select
    cast(null as varchar) as pupil_key, cast(null as date) as census_month,
    cast(null as varchar) as district_code, cast(null as varchar) as uc_key,
    cast(null as varchar) as household_key, cast(null as varchar) as rule
where false
"""


def link_pupils(
    folder: Path, landed: Mapping[tuple[str, str], Sequence[Path]], *, is_shared: bool
) -> int:
    """Write `pupil_household.parquet` beside the units of a link set; return how many are linked.

    `landed` is (feed, record) → files in force, `is_shared` whether districts.yml names the
    sharing and both feeds. Without it, or without either feed, the
    file is there and empty, whatever keys may lie in landing from a time when it was named.
    """
    pupils = landed.get(("free_school_meals", "pupil"), ())
    awards = landed.get(("universal_credit", "award"), ())
    query, parameters = _NONE, dict[str, str]()
    with duckdb.connect() as con:
        con.execute("set memory_limit = '3GB'")
        con.execute(f"set temp_directory = '{folder / '.spill'}'")
        if is_shared and pupils and awards:
            con.execute(_PUPILS, {"pupils": [str(path) for path in pupils]})
            con.execute(_ADULTS, {"awards": [str(path) for path in awards]})
            con.execute(_MATCHES)
            query, parameters = _LINKS, {"units": str(folder / "benefit_unit.parquet")}
        con.execute(f"create temp table linked as {query}", parameters)
        target = folder / FILE
        unfinished = target.with_suffix(".unfinished")
        con.execute(
            f"copy (select * from linked order by pupil_key, census_month) to '{unfinished}'"
            " (format parquet, compression zstd)"
        )
        unfinished.chmod(0o600)
        unfinished.replace(target)
        counted = con.execute("select count(*) from linked").fetchone()
    shutil.rmtree(folder / ".spill", ignore_errors=True)
    return int(counted[0]) if counted else 0
