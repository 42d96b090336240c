with

    running_claims as (select * from {{ ref("int_housing_benefit__running_claims") }}),

    claim_members as (select * from {{ ref("int_housing_benefit__household_members") }}),

    periods as (select * from {{ ref("int_entitlement_periods") }})

-- Who claims Housing Benefit is one benefit unit in a home of its own; others of the home are its
-- non-dependants.
select
    row_number() over (
        order by running_claims.month, running_claims.district_code, running_claims.household_key
    ) as unit_number,
    row_number() over (
        order by running_claims.month, running_claims.district_code, running_claims.household_key
    ) as home_number,
    running_claims.month as period_key,
    running_claims.district_code,
    running_claims.household_key,
    running_claims.claim_key,
    true as is_liable,
    cast(coalesce(running_claims.capital_gbp, 0) as double) as capital_gbp,
    false as is_in_london,
    true as claims_universal_credit,
    false as has_new_health_element,
    case
        when running_claims.is_in_payment
        then cast(running_claims.weekly_benefit_gbp * 52 as decimal(18, 2))
        else 0
    end as reported_housing_benefit_gbp,
    running_claims.passport,
    running_claims.capital_gbp is not null as is_capital_known,
    running_claims.passport = 'none' as is_income_known,
    running_claims.weekly_eligible_rent_gbp is not null
    and running_claims.tenancy is not null as is_rent_known,
    running_claims.claimant_age_at_month_end is not null
    and (not running_claims.has_partner or running_claims.partner_age_at_month_end is not null)
    and running_claims.dependant_count = coalesce(claim_members.listed_dependant_count, 0)
    and coalesce(claim_members.has_every_dependants_age, true) as are_people_known
from running_claims
inner join periods on running_claims.month = periods.period_key
left join
    claim_members
    on running_claims.district_code = claim_members.district_code
    and running_claims.claim_key = claim_members.claim_key
    and running_claims.month = claim_members.month
