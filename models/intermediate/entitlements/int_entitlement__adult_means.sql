{{ config(materialized="view") }}

with

    adults as (select * from {{ ref("int_entitlement__adults") }}),

    taxes as (select * from {{ ref("int_entitlement__adult_taxes") }})

select
    adults.period_key,
    adults.unit_number,
    adults.person_number,
    adults.age_years,
    adults.is_self_employed,
    adults.is_in_start_up_period,
    adults.is_unable_to_work,
    adults.is_of_pension_age,
    adults.is_carer,
    -- One person has one of the two elements, the higher (SI 2013/376 reg 29(4)).
    adults.is_carer and not adults.has_lcwra as has_carer_element,
    adults.weekly_hours,
    adults.earnings_gbp,
    adults.uc_unearned_gbp,
    adults.pension_age_unearned_gbp,
    adults.carers_allowance_gbp,
    taxes.tax_before_charges_gbp + adults.national_insurance_gbp as deducted_gbp,
    adults.earnings_gbp
    - taxes.tax_on_earnings_gbp
    - adults.national_insurance_gbp as net_earnings_gbp
from adults
inner join taxes on adults.person_number = taxes.person_number
where adults.is_claimant
