-- By group, so that a household counted in the wrong one shows. The largest household decides what
-- may be published, so it is held against the fact as well.
with

    benefit_spend as (select * from {{ ref("fct_benefit_spend") }}),

    cts_months as (select * from {{ ref("fct_cts_month") }}),

    in_fact as (
        select
            district_code,
            month,
            cts_age_group,
            is_on_uc,
            sum(case when is_in_payment then 1 else 0 end) as household_count,
            sum(recognised_gbp) as recognised_gbp,
            sum(accrued_gbp) as accrued_gbp,
            sum(retrospective_adjustment_gbp) as retrospective_adjustment_gbp,
            sum(posted_credit_gbp) as posted_credit_gbp,
            sum(weekly_award_gbp) as weekly_award_gbp,
            max(recognised_gbp) as largest_household_gbp,
            max(weekly_award_gbp) as largest_weekly_gbp
        from benefit_spend
        where benefit_code = 'cts'
        group by district_code, month, cts_age_group, is_on_uc
    )

select *
from cts_months
full outer join
    in_fact
    on cts_months.district_code = in_fact.district_code
    and cts_months.month = in_fact.month
    and cts_months.cts_age_group = in_fact.cts_age_group
    and cts_months.is_on_uc = in_fact.is_on_uc
where
    cts_months.district_code is null
    -- A group without awards in the month stands there with noughts.
    or cts_months.household_count <> coalesce(in_fact.household_count, 0)
    or cts_months.recognised_gbp <> coalesce(in_fact.recognised_gbp, 0)
    or cts_months.accrued_gbp <> coalesce(in_fact.accrued_gbp, 0)
    or cts_months.retrospective_adjustment_gbp <> coalesce(in_fact.retrospective_adjustment_gbp, 0)
    or cts_months.posted_credit_gbp <> coalesce(in_fact.posted_credit_gbp, 0)
    or cts_months.weekly_award_gbp <> coalesce(in_fact.weekly_award_gbp, 0)
    or cts_months.largest_household_gbp <> coalesce(in_fact.largest_household_gbp, 0)
    or cts_months.largest_weekly_gbp <> coalesce(in_fact.largest_weekly_gbp, 0)
