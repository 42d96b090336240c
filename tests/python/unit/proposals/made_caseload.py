"""A made-up caseload as a generation keeps it, from a relation with a row a household.

What a household is told by: adults and children of the benefit unit, earnings after tax a week,
council tax a year, and what is in payment a week. Benefit rates are the project's own; everything
else that the rules ask has its plainest answer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from openlsi.home import Home

ROOT = Path(__file__).resolve().parents[4]
MONTH = "2026-10-01"
ASHFORD, DARTFORD, DOVER, FOLKESTONE, MAIDSTONE, TUNBRIDGE_WELLS = (
    "E07000105", "E07000107", "E07000108", "E07000112", "E07000110", "E07000116",
)  # fmt: skip
# The tiers of one pound, here round figures; the built county holds the official ones.
SHARES = {"county": 0.70, "police": 0.12, "district": 0.10, "fire": 0.04, "parish": 0.04}
_TOLD: dict[str, Any] = {
    "district_code": DOVER,
    "cts_age_group": "working",
    "adults": 1,
    "children": 0,
    "others": 0,
    "weekly_earnings_gbp": 0.0,
    "annual_council_tax_gbp": 1040.0,
    "council_tax_band": "B",
    "weekly_award_gbp": 18.0,
    "weekly_council_tax_gbp": 20.0,
    "capital_gbp": 0.0,
    "tenure": "social_tenant",
    "claimant_age": 40,
    "are_people_known": True,
    "is_income_known": True,
    "is_capital_known": True,
    "has_disability": False,
    "has_carer": False,
    "source_feed": "universal_credit",
}
_SCHEMA = pa.schema(
    [("unit_number", pa.int64())]
    + [
        (
            name,
            {str: pa.string(), bool: pa.bool_(), int: pa.int64(), float: pa.float64()}[type(value)],
        )
        for name, value in _TOLD.items()
    ]
)


def household(**changes: Any) -> dict[str, Any]:
    """Return a single tenant of Dover without earnings, council tax £20 a week, with changes."""
    assert set(changes) <= set(_TOLD)
    return {**_TOLD, **changes}


def lay_households(home: Home, households: list[dict[str, Any]]) -> None:
    """Lay a handful of households as the caseload of a generation."""
    rows = [{"unit_number": number, **told} for number, told in enumerate(households, start=1)]
    lay(home, "told", {"told": pa.Table.from_pylist(rows, schema=_SCHEMA)})


def lay(home: Home, relation: str, registered: dict[str, pa.Table] | None = None) -> None:
    """Lay a relation (the columns of `household`, and unit_number) as a generation's caseload."""
    home.current.mkdir(parents=True, exist_ok=True)
    secure = home.current / "secure.duckdb"
    secure.unlink(missing_ok=True)
    with duckdb.connect(str(secure)) as connection:
        for name, table in (registered or {}).items():
            connection.register(name, table)
        connection.execute(f"create table made as select * from {relation}")
        for statement in _STATEMENTS:
            connection.execute(statement)
        shares = [{"bearer": bearer, "share_ratio": ratio} for bearer, ratio in SHARES.items()]
        connection.register("shares", pa.Table.from_pylist(shares))
        connection.execute(f"""
            create table marts.fct_cts_bearer_month as
            select districts.district_code, date '{MONTH}' as month, bearer,
                cast(share_ratio as decimal(18, 8)) as share_ratio, '2023-24' as shares_year,
                true as is_assumed_shares
            from shares cross join (select distinct district_code from made) as districts
        """)
        connection.execute("drop table made")


_STATEMENTS = (
    "create schema caseload",
    "create schema marts",
    f"""
    create table caseload.int_caseload_households as
    select
        unit_number,
        district_code,
        'h' || unit_number as household_key,
        date '{MONTH}' as month,
        source_feed,
        cts_age_group,
        true as is_on_uc,
        are_people_known,
        is_income_known,
        is_capital_known,
        annual_council_tax_gbp is not null as is_council_tax_known,
        cast(weekly_award_gbp as decimal(18, 2)) as weekly_award_gbp,
        cast(weekly_council_tax_gbp as decimal(18, 2)) as weekly_council_tax_gbp,
        tenure,
        case
            when adults > 1 and children > 0 then 'couple_with_children'
            when adults > 1 then 'couple'
            when children > 0 then 'lone_parent'
            else 'single'
        end as household_type,
        cast(claimant_age as integer) as claimant_age,
        cast(null as integer) as partner_age,
        has_disability,
        has_carer,
        cast(null as varchar) as lsoa_code,
        'b1' as build_id
    from made
    """,
    f"""
    create table caseload.int_caseload_periods as
    select date '{MONTH}' as period_key, date '2026-10-31' as age_reference_date,
        '2026-27' as financial_year, 'b1' as build_id
    """,
    f"""
    create table caseload.int_caseload_units as
    select unit_number, unit_number as home_number, date '{MONTH}' as period_key, district_code,
        'h' || unit_number as household_key, true as is_liable, capital_gbp,
        false as is_in_london, true as claims_universal_credit, false as has_new_health_element,
        false as is_on_guarantee_credit,
        -- A claim for support leaves the income out where a passport stands for it.
        not is_income_known as is_passported,
        cast(0 as decimal(18, 2)) as reported_housing_benefit_gbp,
        cast(0 as double) as deductions_asked_gbp, 'b1' as build_id
    from made
    where cts_age_group = 'working'
    """,
    f"""
    create table caseload.int_caseload_people as
    with people as (
        select unit_number, 'claimant' as role, generate_series as place, claimant_age as age_years
        from made, generate_series(1, adults)
        union all
        select unit_number, 'child', 10 + generate_series, 10
        from made, generate_series(1, children)
        union all
        select unit_number, 'other', 20 + generate_series, 30
        from made, generate_series(1, others)
    )
    select date '{MONTH}' as period_key, people.unit_number, people.unit_number as home_number,
        people.unit_number * 100 + people.place as person_number,
        case when people.place = 1 then 'claimant' else 'p' || people.place end as person_key,
        people.age_years, people.role, people.role = 'other' as is_non_dependant,
        false as is_of_pension_age, false as has_reached_pension_age_before_2016_04_06,
        false as has_reached_pension_age_before_2021_04_01,
        people.role = 'child' as is_born_before_2017_04_06,
        false as is_female, false as is_disabled,
        false as has_highest_care, false as has_lcwra, false as has_lcw_element,
        false as has_daily_living_benefit, false as has_disability_benefit,
        0.0 as weekly_care_hours, 0.0 as weekly_hours, false as is_in_start_up_period,
        false as is_disregarded_for_council_tax,
        cast(0 as decimal(18, 2)) as annual_childcare_gbp, 'b1' as build_id
    from people
    inner join made using (unit_number)
    where made.cts_age_group = 'working'
    """,
    f"""
    create table caseload.int_caseload_dwellings as
    select unit_number as home_number, date '{MONTH}' as period_key, district_code,
        cast(null as varchar) as brma_code, false as is_in_london,
        case when tenure = 'not_told' then 'owner' else tenure end as tenure,
        cast(0 as decimal(18, 2)) as annual_rent_gbp,
        cast(0 as decimal(18, 2)) as annual_service_charge_gbp,
        cast(null as integer) as bedroom_count,
        council_tax_band,
        cast(annual_council_tax_gbp as decimal(18, 2)) as annual_gross_council_tax_gbp,
        cast(annual_council_tax_gbp as decimal(18, 2)) as annual_council_tax_gbp,
        'b1' as build_id
    from made
    where cts_age_group = 'working'
    """,
    """
    create table caseload.int_caseload_incomes as
    select unit_number * 100 + 1 as person_number, 'employment_net' as income_kind,
        cast(weekly_earnings_gbp * 52 as decimal(18, 2)) as annual_gbp, 'b1' as build_id
    from made
    where weekly_earnings_gbp > 0 and cts_age_group = 'working'
    """,
)
