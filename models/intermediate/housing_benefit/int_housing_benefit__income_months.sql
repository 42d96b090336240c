{{ config(materialized="view") }}

with

    incomes as (select * from {{ ref("stg_housing_benefit__incomes") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    running_claims as (select * from {{ ref("int_housing_benefit__running_claims") }}),

    payment_periods as (select * from {{ ref("payment_periods") }}),

    incomes_at_month_end as (
        select incomes.*
        from incomes
        inner join extract_in_force on incomes.extract_id = extract_in_force.extract_id
        where
            (incomes.valid_from is null or incomes.valid_from <= {{ last_day_of("incomes.month") }})
            and (incomes.valid_to is null or incomes.valid_to >= {{ last_day_of("incomes.month") }})
    )

select
    running_claims.district_code,
    running_claims.household_key,
    running_claims.month,
    incomes_at_month_end.person_role,
    incomes_at_month_end.income_kind,
    incomes_at_month_end.income_code,
    {{
        weekly_gbp(
            "incomes_at_month_end.income_gbp",
            "payment_periods.weekly_multiplier",
            "payment_periods.weekly_divisor",
        )
    }} as weekly_income_gbp
from incomes_at_month_end
inner join
    running_claims
    on incomes_at_month_end.district_code = running_claims.district_code
    and incomes_at_month_end.claim_key = running_claims.claim_key
    and incomes_at_month_end.month = running_claims.month
left join payment_periods on incomes_at_month_end.income_period = payment_periods.period_code
