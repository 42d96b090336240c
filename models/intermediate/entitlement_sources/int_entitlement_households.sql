with

    periods as (select * from {{ ref("int_entitlement_periods") }}),

    housing_benefit as (select * from {{ ref("int_entitlement_source__housing_benefit") }}),

    universal_credit as (select * from {{ ref("int_entitlement_source__universal_credit") }}),

    council_tax_support as (select * from {{ ref("int_entitlement_source__council_tax_support") }}),

    sources as (
        select *
        from universal_credit
        union all
        select *
        from housing_benefit
        union all
        select *
        from council_tax_support
    ),

    -- Each source tells of all that it asks about, so that circumstances are never put together
    -- from two: a Universal Credit award says most, a claim for support least.
    sources_ranked as (
        select
            sources.*,
            row_number() over (
                partition by sources.district_code, sources.household_key, sources.month
                order by sources.source_rank
            ) as place
        from sources
        inner join periods on sources.month = periods.period_key
    )

select
    row_number() over (order by month, district_code, household_key) as unit_number,
    district_code,
    household_key,
    month,
    source_feed,
    capital_gbp,
    is_capital_known,
    is_income_known,
    passport,
    is_rent_known,
    are_people_known,
    are_childrens_ages_known,
    tenure,
    annual_rent_gbp,
    has_new_health_element,
    is_claim_suspended
from sources_ranked
where place = 1
