with

    households as (select * from {{ ref("int_entitlement_households") }}),

    claims as (select * from {{ ref("int_entitlement_source__housing_benefit") }}),

    awards as (select * from {{ ref("int_uc__circumstances") }})

-- A household that claims is one benefit unit in a home of its own; others of the home are its
-- non-dependants.
select
    households.unit_number,
    households.unit_number as home_number,
    households.month as period_key,
    households.district_code,
    households.household_key,
    true as is_liable,
    cast(coalesce(households.capital_gbp, 0) as double) as capital_gbp,
    false as is_in_london,
    true as claims_universal_credit,
    households.has_new_health_element,
    -- A passport that is told stands, whatever the incomes that are told come to.
    households.passport = 'pension_credit_guarantee' as is_on_guarantee_credit,
    households.passport
    not in ('none', 'pension_credit_guarantee', 'universal_credit') as is_passported,
    coalesce(claims.annual_benefit_gbp, 0) as reported_housing_benefit_gbp,
    cast(coalesce(awards.deductions_gbp, 0) * 12 as double) as deductions_asked_gbp
from households
left join
    claims
    on households.district_code = claims.district_code
    and households.household_key = claims.household_key
    and households.month = claims.month
left join
    awards
    on households.district_code = awards.district_code
    and households.household_key = awards.household_key
    and households.month = awards.month
