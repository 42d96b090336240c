with

    awards as (select * from {{ ref("stg_cts__awards") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    benefit_units as (select * from {{ ref("stg_links__benefit_units") }}),

    months_assessed as (select period_key from {{ ref("int_entitlement_periods") }}),

    awards_at_month_end as (
        select awards.*, benefit_units.household_key
        from awards
        inner join extract_in_force on awards.extract_id = extract_in_force.extract_id
        inner join months_assessed on awards.month = months_assessed.period_key
        inner join
            benefit_units
            on awards.district_code = benefit_units.district_code
            and awards.claim_key = benefit_units.source_key
            and benefit_units.source = 'cts_claim'
        where
            awards.award_status = 'in_payment'
            and (awards.award_to is null or awards.award_to >= {{ last_day_of("awards.month") }})
    ),

    -- Two claims of one unit in payment on the last day: the larger award tells of it, and it has
    -- both.
    awards_ranked as (
        select
            *,
            sum(weekly_award_gbp) over (
                partition by district_code, household_key, month
            ) as household_award_gbp,
            row_number() over (
                partition by district_code, household_key, month
                order by weekly_award_gbp desc, award_from desc, claim_key
            ) as award_rank
        from awards_at_month_end
    )

select
    district_code,
    household_key,
    month,
    claim_key,
    cts_age_group,
    is_on_uc,
    is_passported,
    has_partner,
    claimant_age_at_month_end,
    claimant_pension_age_month,
    partner_age_at_month_end,
    partner_pension_age_month,
    dependant_count,
    non_dependant_count,
    weekly_income_gbp,
    weekly_council_tax_gbp,
    cast(household_award_gbp as decimal(18, 2)) as weekly_award_gbp
from awards_ranked
where award_rank = 1
