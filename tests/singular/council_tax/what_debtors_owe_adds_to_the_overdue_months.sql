-- Shares of a joint account have parts of pennies, so that pounds may be a penny a debtor off.
with

    debtor_months as (select * from {{ ref("fct_overdue_debtor_month") }}),

    overdue_months as (select * from {{ ref("fct_overdue_month") }}),

    debtors_added as (
        select
            district_code,
            month,
            count(*) as debtor_count,
            sum(case when is_linked then 1 else 0 end) as overdue_household_count,
            sum(case when is_linked then 0 else 1 end) as unlinked_overdue_account_count,
            sum(overdue_gbp) as overdue_gbp,
            max(overdue_gbp) as largest_household_overdue_gbp
        from debtor_months
        group by district_code, month
    )

select overdue_months.*, debtors_added.debtor_count
from overdue_months
full outer join
    debtors_added
    on overdue_months.district_code = debtors_added.district_code
    and overdue_months.month = debtors_added.month
where
    overdue_months.district_code is null
    or overdue_months.overdue_household_count <> coalesce(debtors_added.overdue_household_count, 0)
    or overdue_months.unlinked_overdue_account_count
    <> coalesce(debtors_added.unlinked_overdue_account_count, 0)
    or abs(overdue_months.overdue_gbp - coalesce(debtors_added.overdue_gbp, 0))
    > 0.01 * coalesce(debtors_added.debtor_count, 0)
    or abs(
        overdue_months.largest_household_overdue_gbp
        - coalesce(debtors_added.largest_household_overdue_gbp, 0)
    )
    > 0.01
