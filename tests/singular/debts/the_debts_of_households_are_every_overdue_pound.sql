-- Pounds by district, month and debt type: those of the accounts, to a penny for each share of a
-- shared account; each account without a household once.
with

    arrears as (
        select district_code, month, debt_type, sum(overdue_gbp) as overdue_gbp
        from {{ ref("fct_arrears") }}
        where overdue_gbp > 0
        group by district_code, month, debt_type
    ),

    household_debts as (
        select district_code, month, debt_type, sum(owed_gbp) as owed_gbp, count(*) as debtor_count
        from {{ ref("fct_household_debts") }}
        group by district_code, month, debt_type
    )

select arrears.*, household_debts.owed_gbp
from arrears
full outer join
    household_debts
    on arrears.district_code = household_debts.district_code
    and arrears.month = household_debts.month
    and arrears.debt_type = household_debts.debt_type
where
    arrears.district_code is null
    or household_debts.district_code is null
    or abs(arrears.overdue_gbp - household_debts.owed_gbp) > 0.01 * household_debts.debtor_count
