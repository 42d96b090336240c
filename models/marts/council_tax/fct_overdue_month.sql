with

    arrears as (select * from {{ ref("fct_arrears") }}),

    household_overdue as (select * from {{ ref("fct_overdue_debtor_month") }}),

    account_months as (
        select
            district_code,
            account_key,
            month,
            sum(overdue_gbp) as overdue_gbp,
            sum(costs_gbp) as costs_gbp,
            sum(credit_gbp) as credit_gbp,
            sum(not_yet_due_gbp) as not_yet_due_gbp,
            sum(qrc4_arrears_gbp) as qrc4_arrears_gbp
        from arrears
        where debt_type = 'council_tax'
        group by district_code, account_key, month
    ),

    district_households as (
        select
            district_code,
            month,
            sum(case when is_linked then 1 else 0 end) as overdue_household_count,
            sum(case when is_linked then 0 else overdue_gbp end) as unlinked_overdue_gbp,
            sum(case when is_linked then 0 else 1 end) as unlinked_overdue_account_count,
            max(case when is_linked then 0 else overdue_gbp end) as largest_unlinked_overdue_gbp,
            max(overdue_gbp) as largest_household_overdue_gbp
        from household_overdue
        group by district_code, month
    ),

    district_accounts as (
        select
            district_code,
            month,
            count(*) as account_count,
            sum(case when overdue_gbp > 0 then 1 else 0 end) as overdue_account_count,
            sum(overdue_gbp) as overdue_gbp,
            sum(not_yet_due_gbp) as not_yet_due_gbp,
            sum(costs_gbp) as costs_gbp,
            sum(credit_gbp) as credit_gbp,
            sum(qrc4_arrears_gbp) as qrc4_arrears_gbp,
            sum(case when qrc4_arrears_gbp > 0 then 1 else 0 end) as qrc4_account_count,
            max(qrc4_arrears_gbp) as largest_qrc4_arrears_gbp
        from account_months
        group by district_code, month
    )

select
    district_accounts.district_code,
    district_accounts.month,
    cast(district_accounts.account_count as integer) as account_count,
    cast(district_accounts.overdue_account_count as integer) as overdue_account_count,
    cast(
        coalesce(district_households.overdue_household_count, 0) as integer
    ) as overdue_household_count,
    cast(district_accounts.overdue_gbp as decimal(18, 2)) as overdue_gbp,
    cast(
        coalesce(district_households.unlinked_overdue_gbp, 0) as decimal(18, 2)
    ) as unlinked_overdue_gbp,
    cast(
        coalesce(district_households.unlinked_overdue_account_count, 0) as integer
    ) as unlinked_overdue_account_count,
    cast(
        coalesce(district_households.largest_unlinked_overdue_gbp, 0) as decimal(18, 2)
    ) as largest_unlinked_overdue_gbp,
    cast(
        coalesce(district_households.largest_household_overdue_gbp, 0) as decimal(18, 2)
    ) as largest_household_overdue_gbp,
    cast(district_accounts.not_yet_due_gbp as decimal(18, 2)) as not_yet_due_gbp,
    cast(district_accounts.costs_gbp as decimal(18, 2)) as costs_gbp,
    cast(district_accounts.credit_gbp as decimal(18, 2)) as credit_gbp,
    cast(district_accounts.qrc4_arrears_gbp as decimal(18, 2)) as qrc4_arrears_gbp,
    cast(district_accounts.qrc4_account_count as integer) as qrc4_account_count,
    cast(district_accounts.largest_qrc4_arrears_gbp as decimal(18, 2)) as largest_qrc4_arrears_gbp,
    {{ build_id() }} as build_id
from district_accounts
left join
    district_households
    on district_accounts.district_code = district_households.district_code
    and district_accounts.month = district_households.month
