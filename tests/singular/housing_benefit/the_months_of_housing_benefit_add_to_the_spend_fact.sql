-- Households, weekly pounds and the largest month of a household, in the added-up fact and in the
-- one
-- that it is added from; and the days of the claims, in the fact and in its claims.
with

    months as (select * from {{ ref("fct_housing_benefit_month") }}),

    benefit_spend as (select * from {{ ref("fct_benefit_spend") }}),

    claim_months as (select * from {{ ref("int_housing_benefit__claim_months") }}),

    added as (
        select
            district_code,
            month,
            sum(household_count) as household_count,
            sum(weekly_benefit_gbp) as weekly_gbp,
            max(largest_household_gbp) as largest_gbp,
            max(largest_weekly_gbp) as largest_weekly_gbp
        from months
        group by district_code, month
    ),

    from_spend as (
        select
            district_code,
            month,
            sum(case when is_in_payment then 1 else 0 end) as household_count,
            sum(weekly_award_gbp) as weekly_gbp,
            max(accrued_gbp) as largest_gbp,
            max(weekly_award_gbp) as largest_weekly_gbp,
            sum(days_awarded_count) as days_count
        from benefit_spend
        where benefit_code = 'hb'
        group by district_code, month
    ),

    from_claims as (
        select
            district_code,
            month,
            sum(case when is_in_payment then weekly_benefit_gbp else 0 end) as weekly_gbp,
            sum(days_awarded_count) as days_count
        from claim_months
        group by district_code, month
    )

select from_spend.district_code, from_spend.month
from from_spend
full outer join
    added on from_spend.district_code = added.district_code and from_spend.month = added.month
left join
    from_claims
    on from_spend.district_code = from_claims.district_code
    and from_spend.month = from_claims.month
where
    from_spend.household_count is distinct from added.household_count
    or from_spend.weekly_gbp is distinct from added.weekly_gbp
    or from_spend.largest_gbp is distinct from added.largest_gbp
    or from_spend.largest_weekly_gbp is distinct from added.largest_weekly_gbp
    or from_spend.weekly_gbp is distinct from from_claims.weekly_gbp
    or from_spend.days_count is distinct from from_claims.days_count
