{{ config(schema="slices", tags=["month_local"]) }}

with

    awards as (select * from {{ ref("stg_cts__awards") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    awards_in_force as (
        select awards.*, {{ last_day_of("awards.month") }} as month_end
        from awards
        inner join extract_in_force on awards.extract_id = extract_in_force.extract_id
    ),

    awards_cut_to_month as (
        select
            *,
            case when award_from > month then award_from else month end as first_day,
            case when award_to < month_end then award_to else month_end end as last_day
        from awards_in_force
    ),

    days_counted as (
        select *, {{ days_between("first_day", "last_day") }} + 1 as days_awarded_count
        from awards_cut_to_month
    )

select
    days_counted.district_code,
    days_counted.month,
    days_counted.claim_key,
    days_counted.account_key,
    days_counted.award_from,
    days_counted.award_to,
    days_counted.award_status,
    days_counted.award_status = 'in_payment'
    and days_counted.last_day = days_counted.month_end as is_in_payment,
    days_counted.cts_age_group,
    days_counted.is_on_uc,
    days_counted.has_partner,
    days_counted.dependant_count,
    days_counted.non_dependant_count,
    days_counted.is_passported,
    days_counted.weekly_council_tax_gbp,
    days_counted.weekly_income_gbp,
    days_counted.weekly_award_gbp,
    days_counted.days_awarded_count,
    -- A seventh of a penny never falls on a half, so rounding has no ties to settle.
    cast(
        round(days_counted.weekly_award_gbp * days_counted.days_awarded_count / 7, 2) as decimal(
            18, 2
        )
    ) as accrued_gbp,
    days_counted.retrospective_adjustment_gbp,
    days_counted.posted_credit_gbp,
    {{ build_id() }} as build_id
from days_counted
