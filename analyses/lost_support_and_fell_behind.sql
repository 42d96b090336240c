-- Households that had support a year before the latest month, have none now, and owe overdue
-- council tax: a count and the pounds, by district. A starting point for a take-up letter, not a
-- finding: support ends for good reasons too. Reads household rows: for a district's own analysts.
with

    benefit_spend as (select * from {{ ref("fct_benefit_spend") }}),

    arrears as (select * from {{ ref("fct_arrears") }}),

    account_households as (select * from {{ ref("bridge_account_household") }}),

    cts_spend as (select * from benefit_spend where benefit_code = 'cts'),

    last_months as (
        select district_code, max(month) as month from cts_spend group by district_code
    ),

    had_support as (
        select cts_spend.district_code, cts_spend.household_key
        from cts_spend
        inner join
            last_months
            on cts_spend.district_code = last_months.district_code
            and cts_spend.month = cast(last_months.month - interval '12 months' as date)
        where cts_spend.is_in_payment
    ),

    have_support as (
        select cts_spend.district_code, cts_spend.household_key
        from cts_spend
        inner join
            last_months
            on cts_spend.district_code = last_months.district_code
            and cts_spend.month = last_months.month
        where cts_spend.is_in_payment
    ),

    overdue_households as (
        select
            arrears.district_code,
            account_households.household_key,
            sum(arrears.overdue_gbp * account_households.share_ratio) as overdue_gbp
        from arrears
        inner join
            last_months
            on arrears.district_code = last_months.district_code
            and arrears.month = last_months.month
        inner join
            account_households
            on arrears.district_code = account_households.district_code
            and arrears.account_key = account_households.account_key
        where arrears.overdue_gbp > 0
        group by arrears.district_code, account_households.household_key
    )

select
    had_support.district_code,
    count(*) as household_count,
    cast(sum(overdue_households.overdue_gbp) as decimal(18, 2)) as overdue_gbp
from had_support
inner join overdue_households on had_support.household_key = overdue_households.household_key
left join have_support on had_support.household_key = have_support.household_key
where have_support.household_key is null
group by had_support.district_code
order by had_support.district_code
