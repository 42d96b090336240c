{{ config(schema="slices", tags=["month_local"], meta={"slice_month": "extract_month"}) }}

with

    award_months as (select * from {{ ref("stg_universal_credit__award_months") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }})

select
    award_months.district_code,
    award_months.extract_month,
    award_months.month,
    award_months.uc_key,
    award_months.period_start as award_from,
    award_months.period_end as award_to,
    -- A claim has one period that ends in a month: the month's award, known once its own extract
    -- is here.
    award_months.is_month_of_period_end and award_months.period_award_gbp > 0 as is_in_payment,
    cast(
        case
            when award_months.is_month_of_period_end
            then round(cast(award_months.period_award_gbp * 1200 as bigint) / 52.0, 0) * 0.01
            else 0
        end as decimal(18, 2)
    ) as weekly_award_gbp,
    award_months.days_in_month_count as days_awarded_count,
    award_months.share_ratio,
    award_months.accrued_gbp,
    award_months.accrued_net_gbp,
    {{ build_id() }} as build_id
from award_months
inner join extract_in_force on award_months.extract_id = extract_in_force.extract_id
