with

    benefit_spend as (select * from {{ ref("fct_benefit_spend") }}),

    cts_months as (select * from {{ ref("fct_cts_month") }}),

    in_fact as (
        select
            district_code,
            month,
            sum(case when is_in_payment then 1 else 0 end) as household_count,
            sum(recognised_gbp) as recognised_gbp,
            sum(accrued_gbp) as accrued_gbp,
            sum(weekly_award_gbp) as weekly_award_gbp
        from benefit_spend
        where benefit_code = 'cts'
        group by district_code, month
    ),

    in_months as (
        select
            district_code,
            month,
            sum(household_count) as household_count,
            sum(recognised_gbp) as recognised_gbp,
            sum(accrued_gbp) as accrued_gbp,
            sum(weekly_award_gbp) as weekly_award_gbp
        from cts_months
        group by district_code, month
    )

select *
from in_fact
full outer join
    in_months on in_fact.district_code = in_months.district_code and in_fact.month = in_months.month
where
    in_fact.district_code is null
    or in_months.district_code is null
    or in_fact.household_count <> in_months.household_count
    or in_fact.recognised_gbp <> in_months.recognised_gbp
    or in_fact.accrued_gbp <> in_months.accrued_gbp
    or in_fact.weekly_award_gbp <> in_months.weekly_award_gbp
