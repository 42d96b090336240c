-- From the ledger's control total of each extract in force to the facts, per district and month:
-- the
-- arrears less the credits are the balances as landed, in the fact of debts and in the month's row.
with

    records as (select * from {{ ref("stg_extracts__records") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    arrears as (select * from {{ ref("fct_arrears") }}),

    rent_months as (select * from {{ ref("fct_rent_month") }}),

    in_ledger as (
        select
            extract_in_force.district_code,
            extract_in_force.month,
            sum(records.landed_rows) as account_rows,
            sum(records.landed_gbp) as balance_gbp
        from records
        inner join extract_in_force on records.extract_id = extract_in_force.extract_id
        where extract_in_force.feed = 'rent' and records.record = 'account'
        group by extract_in_force.district_code, extract_in_force.month
    ),

    in_arrears as (
        select
            district_code,
            month,
            count(*) as account_rows,
            sum(overdue_gbp - credit_gbp) as balance_gbp
        from arrears
        where debt_type = 'rent'
        group by district_code, month
    ),

    in_months as (
        select
            district_code,
            month,
            account_count as account_rows,
            arrears_gbp - credit_gbp as balance_gbp
        from rent_months
        where is_held
    )

select
    coalesce(in_ledger.district_code, in_arrears.district_code) as district_code,
    coalesce(in_ledger.month, in_arrears.month) as month,
    in_ledger.balance_gbp as ledger_gbp,
    in_arrears.balance_gbp as arrears_gbp,
    in_months.balance_gbp as month_gbp
from in_ledger
full outer join
    in_arrears
    on in_ledger.district_code = in_arrears.district_code
    and in_ledger.month = in_arrears.month
full outer join
    in_months
    on in_ledger.district_code = in_months.district_code
    and in_ledger.month = in_months.month
where
    in_ledger.account_rows is distinct from in_arrears.account_rows
    or in_ledger.balance_gbp is distinct from in_arrears.balance_gbp
    or in_ledger.account_rows is distinct from in_months.account_rows
    or in_ledger.balance_gbp is distinct from in_months.balance_gbp
