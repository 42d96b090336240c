"""Made-up households, their debts, Universal Credit and entitlements in the attacked county.

One row a household, account or debt and month: whatever is published of them is added up from
these rows, so it truly adds up. Small groups stand among large ones on purpose: wards of a few
homes, reasons and drivers that hardly anybody has.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

# Two months, and the month a year before the last: enough for changes and both spans of flows.
MONTHS = ("2025-06-01", "2026-05-01", "2026-06-01")
# Homes for each household with Council Tax Support: others have Universal Credit alone.
_HOMES_EACH = 6
# Districts with fewer homes have no ward of their own.
_WARDS_FROM = 180

# Chance comes from a hash of seed, home and month, so each seed is one county for ever.
_HOMES = """
create temp table homes as
select
    district_code,
    district_code || '-' || i as household_key,
    cast(hash($seed || 'home' || district_code || i) % 1000 as integer) as who,
    cast(hash($seed || 'ward' || district_code || i) % 1000 as integer) as place,
    n >= $wards_from as has_wards
from sizes
cross join lateral (select unnest(range(1, n + 1)) as i) as home;
alter table homes add column ward_key varchar;
alter table homes add column rural_urban_class varchar;
update homes set
    ward_key = case
        when has_wards and place < 500 then 'A of ' || district_code
        when has_wards and place < 880 then 'B of ' || district_code
        when has_wards and place < 960 then 'C of ' || district_code
        else 'others in ' || district_code
    end,
    rural_urban_class = case
        when place % 10 < 6 then 'Urban: Nearer to a major town or city'
        when place % 10 < 9 then 'Larger rural: Further from a major town or city'
        when place % 100 < 70 then 'Smaller rural: Further from a major town or city'
        else 'unknown'
    end
"""

# Scenarios are of the last month alone: the figures of a month with all of them hang together.
# What is left of a month's income after essentials; not known of a few.
_MARGINS = """
create temp table margins as
select
    *,
    case when who % 23 <> 0 then (who * 7) % 500 - 160 + luck % 90 end as margin_gbp
from (
    select
        homes.*,
        cast(month as date) as month,
        cast(hash($seed || household_key || month) % 1000 as integer) as luck
    from homes
    cross join (select unnest($months) as month) as months
)
where luck >= 60
"""

_SCENARIOS = """
create temp table scenario_classes as
select
    margins.*,
    scenario,
    case
        when margin_gbp is null then 'unknown'
        when margin_gbp + more < -80 then 'in_crisis'
        when margin_gbp + more < 0 then 'at_risk'
        when margin_gbp + more < band then 'struggling'
        else 'coping'
    end as living_standards_class
from margins
cross join (values
    ('base', 0, 100), ('essentials_lower', 40, 100), ('essentials_higher', -40, 100),
    ('band_wider', 0, 150)
) as scenarios(scenario, more, band)
where scenario = 'base' or month = $last
"""

# Who is in shortfall was known before, is newly hit, or cannot be looked back for.
_STANDING = """
create temp table standing as
with classed as (select * from scenario_classes where scenario = 'base')
select
    now.* exclude (scenario),
    now.living_standards_class in ('in_crisis', 'at_risk') as is_short,
    case when is_short then 20 + now.who % 380 end as shortfall_gbp,
    before.household_key is not null and is_short
        and before.living_standards_class in ('struggling', 'coping') as is_entry,
    before.household_key is not null
        and now.living_standards_class in ('struggling', 'coping')
        and before.living_standards_class in ('in_crisis', 'at_risk') as is_exit,
    is_short and now.who % 10 < 6 as is_known_vulnerable,
    is_short and now.who % 10 between 6 and 8 as is_newly_hit,
    is_short and now.who % 10 = 6 as is_new_to_hardship,
    now.month > date '2026-05-01' as is_month_before_held
from classed as now
left join classed as before
    on now.household_key = before.household_key
    and now.month = before.month + interval 1 month
"""

_LANDLORDS = """
update marts.dim_district set has_council_homes = district_code not in ('E07000106', 'E07000113')
where has_council_homes
"""

# A household may have two council tax accounts; an account may be linked to nobody.
_DEBTS = """
create temp table accounts as
select
    homes.district_code, household_key || kind.suffix as account_key, cast(month as date) as month,
    kind.debt_type,
    case when who % 29 <> 3 then household_key end as household_key,
    homes.who, homes.ward_key,
    cast(hash($seed || household_key || kind.suffix || month) % 1000 as integer) as luck
from homes
inner join marts.dim_district using (district_code)
cross join (select unnest($months) as month) as months
cross join (values ('council_tax', '/c'), ('council_tax', '/d'), ('rent', '/r'))
    as kind(debt_type, suffix)
where kind.suffix = '/c'
    or kind.suffix = '/d' and who % 17 = 0
    or kind.suffix = '/r' and who % 3 = 1 and has_council_homes
        -- One landlord has not sent one month.
        and not (district_code = 'E07000110' and cast(month as date) = date '2026-05-01');
create temp table debts as
select
    *,
    case
        when debt_type = 'rent' then 'not_told'
        when years_before = 0 then 'this_year'
        when years_before = 1 then 'last_year'
        when years_before = 2 then 'two_years'
        else 'three_years_or_more'
    end as debt_age,
    case
        when luck % 40 = 0 then if(debt_type = 'rent', 'eviction', 'charging_order')
        when luck % 3 = 0 then 'none'
        else if(debt_type = 'rent', 'contact', 'reminder')
    end as recovery_stage,
    cast(30 + (who * 3 + luck + 50 * years_before) % 600 as decimal(18, 2)) as owed_gbp
from accounts
cross join (select unnest(range(5)) as years_before) as years
where luck % 10 < 4 and (years_before = 0 or debt_type <> 'rent')
    -- Hardly anybody owes for three years.
    and (years_before = 0 or who % [4, 6, 97, 97][years_before] = 0)
"""

# Two accounts of a kind are one debt of a household; an account of nobody stands by itself.
_OWED = """
create temp table owed as
with added as (
    select
        district_code, month, debt_type, household_key, coalesce(household_key, account_key)
            as debtor_key,
        sum(owed_gbp) as owed_gbp, min(ward_key) as ward_key, min(who) as who
    from debts
    group by all
),
beside as (
    select
        *,
        household_key is not null
            and count(*) over (partition by debtor_key, month) > 1 as owes_both,
        sum(owed_gbp) over (partition by debtor_key, month) / 12 as repayment_gbp
    from added
)
select
    beside.* exclude (ward_key, who),
    if(beside.household_key is null, 'others in ' || beside.district_code, beside.ward_key)
        as ward_key,
    case
        when beside.household_key is null then null
        when beside.who % 31 = 0 then 'protected'
        when standing.household_key is null then 'not_looked_at'
        when standing.margin_gbp is null then 'margin_unknown'
        when standing.margin_gbp < 0 then standing.living_standards_class
        when standing.margin_gbp >= beside.repayment_gbp then 'margin_covers'
        else 'margin_too_small'
    end as ability_reason
from beside
left join standing using (district_code, household_key, month)
"""

_UC = """
create temp table uc as
select
    *,
    who % 2 = 0 as has_cts,
    who % 2 = 1 and luck % 9 = 0 as wants_cts,
    100 + who as award_gbp,
    case when luck % 5 = 0 then 10 + who % 60 else 0 end as advance_gbp,
    case when luck % 11 = 0 then 5 + who % 30 else 0 end as rent_gbp,
    case when luck % 97 = 0 then 15 else 0 end as fuel_gbp
from margins
where who % 5 < 3
"""

_ASSESSED = """
create temp table assessed as
select
    margins.*, benefit_code, benefit_name,
    margin_gbp is not null as is_assessable,
    is_assessable and chance % 4 > 0 as is_entitled,
    is_entitled and chance % 12 <> 5 as is_compared,
    is_compared and chance % 7 = 0 as is_unclaimed,
    is_compared and not is_unclaimed and chance % 13 = 1 as is_short_paid,
    if(is_unclaimed or is_short_paid, 10 + chance % 90, 0) as gap_gbp
from margins
cross join (values ('cts', 'Council Tax Support'), ('uc', 'Universal Credit'))
    as benefit(benefit_code, benefit_name)
cross join lateral (
    select cast(hash($seed || household_key || benefit_code || month) % 1000 as integer) as chance
)
where month = $last
"""


def make(con: duckdb.DuckDBPyConnection, seed: str, sizes: Mapping[str, int]) -> None:
    """Make the temporary tables of homes, debts and benefits that all marts are added up from."""
    con.execute(_LANDLORDS)
    con.execute("create temp table sizes (district_code varchar, n integer)")
    con.executemany(
        "insert into sizes values (?, ?)",
        [(code, _HOMES_EACH * size) for code, size in sizes.items()],
    )
    text = f"'{seed}'"
    months = "[" + ", ".join(f"'{month}'" for month in MONTHS) + "]"
    for statement in (
        _HOMES, _MARGINS, _SCENARIOS, _STANDING, _DEBTS, _OWED, _UC, _ASSESSED,
    ):  # fmt: skip
        con.execute(
            statement.replace("$seed", text)
            .replace("$months", months)
            .replace("$last", f"date '{MONTHS[-1]}'")
            .replace("$wards_from", str(_WARDS_FROM))
        )
