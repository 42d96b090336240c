with

    months_assessed as (select period_key from {{ ref("int_entitlement_periods") }}),

    running_claims as (
        select claims.*
        from {{ ref("int_housing_benefit__running_claims") }} as claims
        inner join months_assessed on claims.month = months_assessed.period_key
    ),

    claim_members as (select * from {{ ref("int_housing_benefit__household_members") }})

select
    running_claims.district_code,
    running_claims.household_key,
    running_claims.month,
    'housing_benefit' as source_feed,
    running_claims.capital_gbp,
    running_claims.capital_gbp is not null as is_capital_known,
    running_claims.passport = 'none' as is_income_known,
    running_claims.passport,
    running_claims.weekly_eligible_rent_gbp is not null
    and running_claims.tenancy is not null as is_rent_known,
    running_claims.claimant_age_at_month_end is not null
    and (not running_claims.has_partner or running_claims.partner_age_at_month_end is not null)
    and running_claims.dependant_count = coalesce(claim_members.listed_dependant_count, 0)
    and coalesce(claim_members.has_every_dependants_age, true) as are_people_known,
    coalesce(claim_members.has_every_dependants_age, true) as are_childrens_ages_known,
    case
        when running_claims.tenancy in ('council', 'council_outside_hra', 'housing_association')
        then 'social_tenant'
        when running_claims.tenancy = 'not_a_tenancy'
        then 'owner'
        else 'private_tenant'
    end as tenure,
    -- The eligible rent is already bounded by the local housing allowance and the spare room.
    cast(running_claims.weekly_eligible_rent_gbp * 52 as decimal(18, 2)) as annual_rent_gbp,
    false as has_new_health_element,
    case
        when running_claims.is_in_payment
        then cast(running_claims.weekly_benefit_gbp * 52 as decimal(18, 2))
        else 0
    end as annual_benefit_gbp,
    not running_claims.is_in_payment as is_claim_suspended
from running_claims
left join
    claim_members
    on running_claims.district_code = claim_members.district_code
    and running_claims.claim_key = claim_members.claim_key
    and running_claims.month = claim_members.month
