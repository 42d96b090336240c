with

    periods as (select * from {{ ref("int_entitlement_periods") }}),

    housing_benefit as (select * from {{ ref("int_entitlement_source__housing_benefit") }}),

    universal_credit as (select * from {{ ref("int_entitlement_source__universal_credit") }}),

    council_tax_support as (select * from {{ ref("int_entitlement_source__council_tax_support") }}),

    -- Each source tells of all that it asks about, so that circumstances are never put together
    -- from two: a Universal Credit award says most, a claim for support least.
    sources as (
        select *
        from universal_credit
        union all
        select *
        from housing_benefit
        where
            not exists (
                select 1
                from universal_credit
                where
                    housing_benefit.household_key = universal_credit.household_key
                    and housing_benefit.month = universal_credit.month
            )
        union all
        select *
        from council_tax_support
        where
            not exists (
                select 1
                from universal_credit
                where
                    council_tax_support.household_key = universal_credit.household_key
                    and council_tax_support.month = universal_credit.month
            )
            and not exists (
                select 1
                from housing_benefit
                where
                    council_tax_support.household_key = housing_benefit.household_key
                    and council_tax_support.month = housing_benefit.month
            )
    )

select
    row_number() over (order by sources.month, sources.household_key) as unit_number,
    sources.district_code,
    sources.household_key,
    sources.month,
    sources.source_feed,
    sources.capital_gbp,
    sources.is_capital_known,
    sources.is_income_known,
    sources.passport,
    sources.is_rent_known,
    sources.are_people_known,
    sources.are_childrens_ages_known,
    sources.tenure,
    sources.annual_rent_gbp,
    sources.has_new_health_element,
    sources.is_claim_suspended
from sources
inner join periods on sources.month = periods.period_key
