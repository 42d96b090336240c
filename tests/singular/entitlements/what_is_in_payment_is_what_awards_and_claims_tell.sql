-- Universal Credit by the awards of the assessment periods that end in the month, support by the
-- awards in payment on its last day: each household is rounded once, so a penny a household at
-- most.
with

    periods as (select * from {{ ref("int_entitlement_periods") }}),

    awards as (select * from {{ ref("int_uc__circumstances") }}),

    household_awards as (select * from {{ ref("int_cts__household_awards") }}),

    entitlements as (select * from {{ ref("fct_entitlements") }}),

    told as (
        select
            'uc' as benefit_code, awards.district_code, awards.month, awards.award_gbp as told_gbp
        from awards
        inner join periods on awards.month = periods.period_key
        union all
        select
            'cts' as benefit_code,
            household_awards.district_code,
            household_awards.month,
            household_awards.weekly_award_gbp * 52 / 12 as told_gbp
        from household_awards
        inner join periods on household_awards.month = periods.period_key
        where household_awards.is_in_payment
    ),

    told_by_month as (
        select benefit_code, district_code, month, sum(told_gbp) as told_gbp
        from told
        group by benefit_code, district_code, month
    ),

    written as (
        select
            benefit_code,
            district_code,
            month,
            sum(in_payment_gbp) as in_payment_gbp,
            count(*) as household_count
        from entitlements
        where benefit_code in ('uc', 'cts')
        group by benefit_code, district_code, month
    )

select *
from told_by_month
full outer join written using (benefit_code, district_code, month)
where
    abs(coalesce(told_by_month.told_gbp, 0) - coalesce(written.in_payment_gbp, 0))
    > 0.01 * coalesce(written.household_count, 0)
