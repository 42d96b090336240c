"""Made-up households in a realistic mix, laid out for the entitlement rules, by SQL alone.

Of 100 benefit units 15 are of pension age, 25 single, 20 lone parents and 40 couples; about 55 have
earnings, a tenth of those from self-employment; two thirds rent. Every figure follows from a hash
of the household's number, so that two runs are of the same households.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from openlsi.assess.inputs import lay_schemes
from openlsi.config.schemes import load_schemes
from openlsi.home import Home

_LAYING = (
    """
    create table int_entitlement_periods as
    select
        cast(first_day as date) as period_key,
        cast(first_day + interval '1 month' as date) - 1 as age_reference_date,
        case when first_day < date '2026-04-01' then '2025-26' else '2026-27' end
        as financial_year
    from (select date '2025-11-01' + to_months(cast(number as integer)) as first_day
          from range({months}) as months(number))
    """,
    """
    create temp table drawn as
    select
        row_number() over (order by period_key, household) as unit_number,
        period_key,
        household,
        (hash(household) % 100)::bigint as kind,
        (hash(household * 7) % 100)::bigint as wealth,
        (hash(household * 11) % 100)::bigint as chance,
        (hash(household * 13) % 8)::bigint as area
    from range({households}) as households(household), int_entitlement_periods
    """,
    """
    create table int_entitlement_units as
    select
        unit_number,
        unit_number as home_number,
        period_key,
        true as is_liable,
        case when wealth < 70 then 0 else (wealth - 70) * 700 end::double as capital_gbp,
        false as is_in_london,
        true as claims_universal_credit,
        chance % 4 = 0 as has_new_health_element,
        false as is_on_guarantee_credit,
        false as is_passported,
        0::decimal(18, 2) as reported_housing_benefit_gbp,
        (chance % 3 * 200)::double as deductions_asked_gbp
    from drawn order by unit_number
    """,
    """
    create table int_entitlement_dwellings as
    select
        unit_number as home_number,
        period_key,
        'E07000108' as district_code,
        ['ASHFORD', 'CANTERBURY', 'DOVER_SHEPWAY', 'HIGH_WEALD', 'MAIDSTONE', 'MEDWAY_SWALE',
         'NORTH_WEST_KENT', 'THANET'][area + 1] as brma_code,
        false as is_in_london,
        ['owner', 'private_tenant', 'social_tenant'][wealth % 3 + 1] as tenure,
        case when wealth % 3 = 0 then 0 else (85 + chance * 2) * 52 end::decimal(18, 2)
        as annual_rent_gbp,
        case when wealth % 3 = 2 then chance % 3 + 1 end::integer as bedroom_count,
        ['A', 'B', 'C', 'D', 'E'][area % 5 + 1] as council_tax_band,
        (chance % 4 * 260)::decimal(18, 2) as annual_service_charge_gbp,
        (1500 + chance * 20)::decimal(18, 2) as annual_gross_council_tax_gbp,
        (1100 + chance * 15)::decimal(18, 2) as annual_council_tax_gbp
    from drawn order by unit_number
    """,
    """
    create table int_entitlement_people as
    with
        people as (
            select drawn.*, place, (hash(household * 31 + place) % 1000)::bigint as draw
            from drawn, range(6) as places(place)
            where
                place = 0
                or (place = 1 and (kind >= 60 or (kind < 15 and kind % 2 = 0)))
                or (place between 2 and 4 and kind >= 40 and place < 2 + chance % 4)
                or (place = 5 and chance >= 90)
        )
    select
        period_key,
        unit_number,
        unit_number as home_number,
        row_number() over (order by unit_number, place) as person_number,
        place::varchar as person_key,
        case
            when place between 2 and 4 then draw % 16
            when place = 5 then 19 + draw % 20
            when kind < 15 then 67 + draw % 22
            else 19 + draw % 45
        end::integer as age_years,
        case when place between 2 and 4 then 'child' when place = 5 then 'other' else 'claimant' end
        as role,
        place = 5 as is_non_dependant,
        place < 2 and kind < 15 as is_of_pension_age,
        place < 2 and kind < 7 as has_reached_pension_age_before_2016_04_06,
        place < 2 and kind < 10 as has_reached_pension_age_before_2021_04_01,
        place between 2 and 4 and draw % 16 > 8 as is_born_before_2017_04_06,
        draw % 2 = 0 as is_female,
        draw % 100 < 9 as is_disabled,
        draw % 100 < 3 as has_highest_care,
        place < 2 and kind >= 15 and draw % 100 < 8 as has_lcwra,
        place < 2 and kind >= 15 and draw % 100 = 8 as has_lcw_element,
        draw % 100 < 6 as has_daily_living_benefit,
        draw % 100 < 9 as has_disability_benefit,
        case when place < 2 and draw % 100 >= 96 then 35 else 0 end::double as weekly_care_hours,
        (draw % 40)::double as weekly_hours,
        draw % 7 = 0 as is_in_start_up_period,
        draw % 50 = 0 as is_disregarded_for_council_tax,
        case when place between 2 and 4 and draw % 5 = 0 then draw * 7 else 0 end::decimal(18, 2)
        as annual_childcare_gbp
    from people order by unit_number, place
    """,
    """
    create table int_entitlement_incomes as
    select
        person_number,
        case
            when is_of_pension_age then 'state_pension'
            when unit_number % 10 = 0 then 'self_employment'
            else 'employment'
        end as income_kind,
        (4000 + hash(unit_number * 3 + age_years) % 26000)::decimal(18, 2) as annual_gbp
    from int_entitlement_people
    where role <> 'child' and (is_of_pension_age or hash(unit_number * 5) % 100 < 60)
    union all
    select person_number, 'private_pension', (hash(person_number) % 6000)::decimal(18, 2)
    from int_entitlement_people where is_of_pension_age
    """,
    "drop table drawn",
)


def lay_out(connection: duckdb.DuckDBPyConnection, households: int, months: int) -> None:
    """Make the five input relations for so many households in each of so many months."""
    dover = [scheme for scheme in load_schemes(Home(Path("unset"))) if "dover" in scheme.scheme]
    # One scheme stands for both years, so that nobody is left without.
    both = [
        scheme.model_copy(update={"scheme": f"{scheme.scheme}_{year}", "financial_year": year})
        for scheme in dover
        for year in ("2025-26", "2026-27")
    ]
    lay_schemes(connection, both, is_for_everybody=False)
    for statement in _LAYING:
        connection.execute(statement.format(households=households, months=months))
