-- The largest amounts decide what may be published, so they are held against the fact as well:
-- no single household can owe more than its district, nor less than its largest unlinked account.
with

    arrears as (select * from {{ ref("fct_arrears") }}),

    overdue_months as (select * from {{ ref("fct_overdue_month") }}),

    bridge as (select * from {{ ref("bridge_account_household") }}),

    linked_accounts as (
        select district_code, account_key from bridge group by district_code, account_key
    ),

    account_months as (
        select
            arrears.district_code,
            arrears.month,
            arrears.account_key,
            linked_accounts.account_key is not null as is_linked,
            sum(arrears.overdue_gbp) as overdue_gbp,
            sum(arrears.not_yet_due_gbp) as not_yet_due_gbp,
            sum(arrears.costs_gbp) as costs_gbp,
            sum(arrears.credit_gbp) as credit_gbp,
            sum(arrears.qrc4_arrears_gbp) as qrc4_arrears_gbp
        from arrears
        left join
            linked_accounts
            on arrears.district_code = linked_accounts.district_code
            and arrears.account_key = linked_accounts.account_key
        where arrears.debt_type = 'council_tax'
        group by
            arrears.district_code,
            arrears.month,
            arrears.account_key,
            linked_accounts.account_key is not null
    ),

    in_fact as (
        select
            district_code,
            month,
            count(*) as account_count,
            sum(case when overdue_gbp > 0 then 1 else 0 end) as overdue_account_count,
            sum(overdue_gbp) as overdue_gbp,
            sum(case when is_linked then 0 else overdue_gbp end) as unlinked_overdue_gbp,
            sum(
                case when overdue_gbp > 0 and not is_linked then 1 else 0 end
            ) as unlinked_overdue_account_count,
            max(case when is_linked then 0 else overdue_gbp end) as largest_unlinked_overdue_gbp,
            sum(not_yet_due_gbp) as not_yet_due_gbp,
            sum(costs_gbp) as costs_gbp,
            sum(credit_gbp) as credit_gbp,
            sum(qrc4_arrears_gbp) as qrc4_arrears_gbp,
            sum(case when qrc4_arrears_gbp > 0 then 1 else 0 end) as qrc4_account_count,
            max(qrc4_arrears_gbp) as largest_qrc4_arrears_gbp
        from account_months
        group by district_code, month
    )

select *
from in_fact
full outer join
    overdue_months
    on in_fact.district_code = overdue_months.district_code
    and in_fact.month = overdue_months.month
where
    in_fact.account_count is distinct from overdue_months.account_count
    or in_fact.overdue_account_count is distinct from overdue_months.overdue_account_count
    or in_fact.overdue_gbp is distinct from overdue_months.overdue_gbp
    or in_fact.unlinked_overdue_gbp is distinct from overdue_months.unlinked_overdue_gbp
    or in_fact.unlinked_overdue_account_count
    is distinct from overdue_months.unlinked_overdue_account_count
    or in_fact.largest_unlinked_overdue_gbp
    is distinct from overdue_months.largest_unlinked_overdue_gbp
    or in_fact.not_yet_due_gbp is distinct from overdue_months.not_yet_due_gbp
    or in_fact.costs_gbp is distinct from overdue_months.costs_gbp
    or in_fact.credit_gbp is distinct from overdue_months.credit_gbp
    or in_fact.qrc4_arrears_gbp is distinct from overdue_months.qrc4_arrears_gbp
    or in_fact.qrc4_account_count is distinct from overdue_months.qrc4_account_count
    or in_fact.largest_qrc4_arrears_gbp is distinct from overdue_months.largest_qrc4_arrears_gbp
    or overdue_months.largest_household_overdue_gbp > overdue_months.overdue_gbp
    or overdue_months.largest_household_overdue_gbp < overdue_months.largest_unlinked_overdue_gbp
