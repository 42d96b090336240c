-- Rows and weekly pounds of incomes as landed against what the fact adds, by district and month,
-- with the week worked out here by its own steps. Left out by
-- name: incomes that do not hold on the last day, and incomes of claims that do not run then (set
-- aside, ended, undecided) or stand behind another claim of the same household.
with

    incomes as (select * from {{ ref("stg_housing_benefit__incomes") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    running_claims as (select * from {{ ref("int_housing_benefit__running_claims") }}),

    household_incomes as (select * from {{ ref("fct_household_incomes") }}),

    payment_periods as (select * from {{ ref("payment_periods") }}),

    incomes_placed as (
        select
            incomes.district_code,
            incomes.month,
            round(
                incomes.income_gbp
                * payment_periods.weekly_multiplier
                * 100
                / payment_periods.weekly_divisor
            )
            / 100 as weekly_gbp,
            {{ last_day_of("incomes.month") }}
            between coalesce(incomes.valid_from, incomes.month) and coalesce(
                incomes.valid_to, {{ last_day_of("incomes.month") }}
            ) as is_held_at_month_end,
            running_claims.claim_key is not null as is_of_running_claim
        from incomes
        inner join extract_in_force on incomes.extract_id = extract_in_force.extract_id
        left join payment_periods on incomes.income_period = payment_periods.period_code
        left join
            running_claims
            on incomes.district_code = running_claims.district_code
            and incomes.claim_key = running_claims.claim_key
            and incomes.month = running_claims.month
    ),

    landed as (
        select
            district_code,
            month,
            count(*) as landed_count,
            sum(
                case when is_held_at_month_end and is_of_running_claim then weekly_gbp else 0 end
            ) as weekly_gbp,
            sum(case when not is_held_at_month_end then 1 else 0 end) as ended_count,
            sum(
                case when is_held_at_month_end and not is_of_running_claim then 1 else 0 end
            ) as not_running_count
        from incomes_placed
        group by district_code, month
    ),

    in_fact as (
        select
            district_code,
            month,
            sum(income_count) as income_count,
            sum(weekly_income_gbp) as weekly_income_gbp
        from household_incomes
        where source_feed = 'housing_benefit'
        group by district_code, month
    )

select landed.*, in_fact.income_count
from landed
full outer join
    in_fact on landed.district_code = in_fact.district_code and landed.month = in_fact.month
where
    landed.landed_count is distinct from (
        coalesce(in_fact.income_count, 0) + landed.ended_count + landed.not_running_count
    )
    or cast(round(landed.weekly_gbp, 2) as decimal(18, 2))
    is distinct from coalesce(in_fact.weekly_income_gbp, 0)
