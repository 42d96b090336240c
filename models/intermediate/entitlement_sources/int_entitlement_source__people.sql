{{ config(materialized="view") }}

with

    households as (select * from {{ ref("int_entitlement_households") }}),

    claim_people as (select * from {{ ref("int_housing_benefit__people") }}),

    award_people as (select * from {{ ref("int_uc__people") }}),

    support_people as (select * from {{ ref("int_cts__people") }}),

    people as (
        select
            'housing_benefit' as source_feed,
            district_code,
            household_key,
            month,
            place,
            person_key,
            age_at_month_end,
            role,
            pension_age_month,
            is_born_from_2017_04_06,
            is_disabled,
            false as has_lcwra,
            false as has_lcw_element,
            false as has_highest_care,
            has_daily_living_benefit,
            has_disability_benefit,
            is_carer,
            case when role = 'other' then weekly_gross_income_gbp end as weekly_gross_income_gbp,
            cast(0 as decimal(18, 2)) as childcare_gbp
        from claim_people
        union all
        select
            'universal_credit' as source_feed,
            district_code,
            household_key,
            month,
            place,
            person_key,
            age_at_month_end,
            role,
            pension_age_month,
            is_born_from_2017_04_06,
            is_disabled,
            has_lcwra,
            has_lcw_element,
            has_highest_care,
            false as has_daily_living_benefit,
            -- The addition for a child rests on an award of one.
            role = 'child' and is_disabled as has_disability_benefit,
            is_carer,
            cast(null as decimal(18, 2)) as weekly_gross_income_gbp,
            childcare_gbp
        from award_people
        union all
        select
            'cts' as source_feed,
            district_code,
            household_key,
            month,
            place,
            person_key,
            age_at_month_end,
            role,
            pension_age_month,
            cast(null as boolean) as is_born_from_2017_04_06,
            false as is_disabled,
            false as has_lcwra,
            false as has_lcw_element,
            false as has_highest_care,
            false as has_daily_living_benefit,
            false as has_disability_benefit,
            false as is_carer,
            cast(null as decimal(18, 2)) as weekly_gross_income_gbp,
            cast(0 as decimal(18, 2)) as childcare_gbp
        from support_people
    )

-- Who else lives in a home on Universal Credit is told by the claim for support alone.
select households.unit_number, people.*
from people
inner join
    households
    on people.household_key = households.household_key
    and people.month = households.month
    and (
        people.source_feed = households.source_feed
        or (
            households.source_feed = 'universal_credit'
            and people.source_feed = 'cts'
            and people.role = 'other'
        )
    )
