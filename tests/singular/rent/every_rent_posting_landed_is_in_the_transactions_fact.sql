-- Rows and pounds of each kind, as landed and in force, per district and month.
with

    transactions as (select * from {{ ref("stg_rent__transactions") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    transaction_months as (select * from {{ ref("fct_rent_transactions_month") }}),

    landed as (
        select
            transactions.district_code,
            transactions.month,
            transactions.transaction_kind,
            count(*) as transaction_count,
            sum(transactions.transaction_gbp) as transaction_gbp
        from transactions
        inner join extract_in_force on transactions.extract_id = extract_in_force.extract_id
        group by transactions.district_code, transactions.month, transactions.transaction_kind
    ),

    in_fact as (
        select
            district_code,
            month,
            transaction_kind,
            sum(transaction_count) as transaction_count,
            sum(transaction_gbp) as transaction_gbp
        from transaction_months
        group by district_code, month, transaction_kind
    )

select landed.district_code, landed.month, landed.transaction_kind
from landed
full outer join
    in_fact
    on landed.district_code = in_fact.district_code
    and landed.month = in_fact.month
    and landed.transaction_kind = in_fact.transaction_kind
where
    landed.transaction_count is distinct from in_fact.transaction_count
    or landed.transaction_gbp is distinct from in_fact.transaction_gbp
