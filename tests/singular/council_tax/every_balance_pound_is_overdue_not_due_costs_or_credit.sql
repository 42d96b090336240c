-- From the ledger's control total of each extract in force straight to the parts of the debt in
-- the fact, per district and month: nothing is netted away and nothing is lost on the way.
with

    records as (select * from {{ ref("stg_extracts__records") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    arrears as (select * from {{ ref("fct_arrears") }}),

    collection as (select * from {{ ref("fct_collection") }}),

    in_ledger as (
        select
            extract_in_force.district_code,
            extract_in_force.month,
            sum(records.landed_rows) as balance_rows,
            sum(records.landed_gbp) as balance_gbp
        from records
        inner join extract_in_force on records.extract_id = extract_in_force.extract_id
        where extract_in_force.feed = 'council_tax' and records.record = 'balance'
        group by extract_in_force.district_code, extract_in_force.month
    ),

    in_arrears as (
        select
            district_code,
            month,
            count(*) as balance_rows,
            sum(overdue_gbp + not_yet_due_gbp + costs_gbp - credit_gbp) as balance_gbp
        from arrears
        where debt_type = 'council_tax'
        group by district_code, month
    ),

    in_collection as (
        select district_code, month, count(*) as balance_rows
        from collection
        group by district_code, month
    )

select *
from in_ledger
full outer join
    in_arrears
    on in_ledger.district_code = in_arrears.district_code
    and in_ledger.month = in_arrears.month
full outer join
    in_collection
    on in_ledger.district_code = in_collection.district_code
    and in_ledger.month = in_collection.month
where
    in_ledger.balance_rows is distinct from in_arrears.balance_rows
    or in_ledger.balance_gbp is distinct from in_arrears.balance_gbp
    or in_ledger.balance_rows is distinct from in_collection.balance_rows
