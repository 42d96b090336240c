-- Every pound of the awards in force is in a calendar month of the spend fact, but for what falls
-- in a month whose own extract is not held (before the first one), which is counted here by name.
with

    award_months as (select * from {{ ref("stg_universal_credit__award_months") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    spend as (select * from {{ ref("fct_benefit_spend") }}),

    months_held as (
        select district_code, month from extract_in_force where feed = 'universal_credit'
    ),

    shares_told as (
        select
            award_months.district_code,
            award_months.accrued_gbp,
            award_months.days_in_month_count,
            months_held.month is null as is_month_not_held
        from award_months
        inner join extract_in_force on award_months.extract_id = extract_in_force.extract_id
        left join
            months_held
            on award_months.district_code = months_held.district_code
            and award_months.month = months_held.month
    ),

    in_force as (
        select
            district_code,
            sum(accrued_gbp) as accrued_gbp,
            sum(case when is_month_not_held then accrued_gbp else 0 end) as not_held_gbp,
            sum(
                case when is_month_not_held then 0 else days_in_month_count end
            ) as days_awarded_count
        from shares_told
        group by district_code
    ),

    in_fact as (
        select
            district_code,
            sum(accrued_gbp) as accrued_gbp,
            sum(days_awarded_count) as days_awarded_count
        from spend
        where benefit_code = 'uc'
        group by district_code
    )

select coalesce(in_force.district_code, in_fact.district_code) as district_code
from in_force
full outer join in_fact on in_force.district_code = in_fact.district_code
where
    in_force.accrued_gbp - in_force.not_held_gbp is distinct from coalesce(in_fact.accrued_gbp, 0)
    or in_force.days_awarded_count is distinct from coalesce(in_fact.days_awarded_count, 0)
