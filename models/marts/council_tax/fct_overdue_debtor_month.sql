with

    arrears as (select * from {{ ref("fct_arrears") }}),

    household_accounts as (select * from {{ ref("bridge_account_household") }}),

    account_months as (
        select district_code, account_key, month, sum(overdue_gbp) as overdue_gbp
        from arrears
        where debt_type = 'council_tax'
        group by district_code, account_key, month
    )

-- An account that two units share counts once as an account and once for each as a household; one
-- that is linked to none stands as a household of its own.
select
    account_months.district_code,
    account_months.month,
    coalesce(household_accounts.household_key, account_months.account_key) as debtor_key,
    household_accounts.household_key is not null as is_linked,
    cast(
        sum(account_months.overdue_gbp * coalesce(household_accounts.share_ratio, 1)) as decimal(
            18, 6
        )
    ) as overdue_gbp,
    {{ build_id() }} as build_id
from account_months
left join
    household_accounts
    on account_months.district_code = household_accounts.district_code
    and account_months.account_key = household_accounts.account_key
where account_months.overdue_gbp > 0
group by
    account_months.district_code,
    account_months.month,
    coalesce(household_accounts.household_key, account_months.account_key),
    household_accounts.household_key is not null
