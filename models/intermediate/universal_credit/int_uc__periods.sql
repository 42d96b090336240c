{{ config(materialized="view") }}

with

    awards as (select * from {{ ref("stg_universal_credit__awards") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    benefit_units as (select * from {{ ref("stg_links__benefit_units") }}),

    uc_units as (
        select district_code, source_key as uc_key, household_key, rule
        from benefit_units
        where source = 'uc_claim'
    )

select
    awards.district_code,
    awards.month,
    awards.uc_key,
    awards.cts_claim_key,
    uc_units.household_key,
    -- A claim that meets nothing else the district knows is a unit of its own.
    coalesce(uc_units.rule <> 'uc_claim_only', false) as is_linked,
    awards.lsoa_code,
    awards.claimant_age_at_month_end,
    awards.claimant_pension_age_month,
    awards.partner_age_at_month_end,
    awards.period_start,
    awards.period_end,
    awards.has_partner,
    awards.child_count,
    awards.standard_allowance_gbp,
    awards.child_element_gbp,
    awards.disabled_child_element_gbp,
    awards.health_element_gbp,
    awards.carer_element_gbp,
    awards.childcare_element_gbp,
    awards.housing_element_gbp,
    awards.housing_tenure,
    awards.is_housing_paid_to_landlord,
    awards.earnings_gbp,
    awards.earnings_deduction_gbp,
    awards.other_income_deduction_gbp,
    awards.capital_gbp,
    awards.benefit_cap_reduction_gbp,
    awards.award_gbp,
    awards.deductions_gbp,
    awards.net_award_gbp,
    awards.has_cts_interest
from awards
inner join extract_in_force on awards.extract_id = extract_in_force.extract_id
left join
    uc_units on awards.district_code = uc_units.district_code and awards.uc_key = uc_units.uc_key
