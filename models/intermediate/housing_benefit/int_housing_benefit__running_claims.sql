{{ config(materialized="view") }}

with

    household_claims as (select * from {{ ref("int_housing_benefit__household_claims") }}),

    -- A household may have two claims that run on the last day (a move, or a home taken early): the
    -- one in payment, then the one begun last, tells its circumstances.
    claims_ranked as (
        select
            *,
            row_number() over (
                partition by district_code, household_key, month
                order by is_in_payment desc, begun_on desc, claim_key
            ) as claim_rank
        from household_claims
        where is_running
    )

select
    district_code,
    month,
    claim_key,
    household_key,
    is_linked,
    is_in_payment,
    tenancy,
    passport,
    weekly_benefit_gbp,
    weekly_eligible_rent_gbp,
    weekly_contractual_rent_gbp,
    is_lha,
    lha_room_count,
    weekly_lha_gbp,
    capital_gbp,
    claimant_age_at_month_end,
    claimant_pension_age_month,
    partner_age_at_month_end,
    partner_pension_age_month,
    has_partner,
    dependant_count,
    non_dependant_count,
    has_disability_premium,
    has_severe_disability_premium,
    has_enhanced_disability_premium,
    has_disabled_child_premium,
    has_carer_premium,
    is_benefit_capped,
    is_joint_tenancy
from claims_ranked
where claim_rank = 1
