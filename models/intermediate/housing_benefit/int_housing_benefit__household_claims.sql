{{ config(materialized="view") }}

with

    claim_months as (select * from {{ ref("int_housing_benefit__claim_months") }}),

    benefit_units as (select * from {{ ref("stg_links__benefit_units") }})

select
    claim_months.district_code,
    claim_months.month,
    claim_months.claim_key,
    claim_months.begun_on,
    claim_months.claim_from,
    claim_months.is_in_payment,
    claim_months.is_running,
    claim_months.weekly_benefit_gbp,
    claim_months.days_awarded_count,
    claim_months.accrued_gbp,
    claim_months.tenancy,
    claim_months.passport,
    claim_months.weekly_eligible_rent_gbp,
    claim_months.weekly_contractual_rent_gbp,
    claim_months.is_lha,
    claim_months.lha_room_count,
    claim_months.weekly_lha_gbp,
    claim_months.capital_gbp,
    claim_months.claimant_age_at_month_end,
    claim_months.claimant_pension_age_month,
    claim_months.partner_age_at_month_end,
    claim_months.partner_pension_age_month,
    claim_months.has_partner,
    claim_months.dependant_count,
    claim_months.non_dependant_count,
    claim_months.has_disability_premium,
    claim_months.has_severe_disability_premium,
    claim_months.has_enhanced_disability_premium,
    claim_months.has_disabled_child_premium,
    claim_months.has_carer_premium,
    claim_months.is_benefit_capped,
    claim_months.is_joint_tenancy,
    -- A claim that no rule links is a household of its own.
    coalesce(benefit_units.household_key, claim_months.claim_key) as household_key,
    benefit_units.household_key is not null as is_linked
from claim_months
left join
    benefit_units
    on claim_months.district_code = benefit_units.district_code
    and claim_months.claim_key = benefit_units.source_key
    and benefit_units.source = 'hb_claim'
