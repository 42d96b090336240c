{{ config(materialized="view") }}

with

    award_months as (select * from {{ ref("int_cts__award_months") }}),

    benefit_units as (select * from {{ ref("stg_links__benefit_units") }})

select
    award_months.district_code,
    award_months.month,
    award_months.claim_key,
    award_months.account_key,
    award_months.award_from,
    award_months.award_to,
    award_months.award_status,
    award_months.is_in_payment,
    award_months.cts_age_group,
    award_months.is_on_uc,
    award_months.has_partner,
    award_months.dependant_count,
    award_months.non_dependant_count,
    award_months.is_passported,
    award_months.weekly_council_tax_gbp,
    award_months.weekly_income_gbp,
    award_months.weekly_award_gbp,
    award_months.days_awarded_count,
    award_months.accrued_gbp,
    award_months.retrospective_adjustment_gbp,
    award_months.posted_credit_gbp,
    benefit_units.household_key
from award_months
inner join
    benefit_units
    on award_months.district_code = benefit_units.district_code
    and award_months.claim_key = benefit_units.source_key
    and benefit_units.source = 'cts_claim'
