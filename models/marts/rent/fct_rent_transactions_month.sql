{{ config(tags=["month_local"]) }}

with

    transactions as (select * from {{ ref("stg_rent__transactions") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }})

select
    transactions.district_code,
    transactions.rent_account_key,
    transactions.month,
    transactions.transaction_kind,
    cast(count(*) as integer) as transaction_count,
    cast(sum(transactions.transaction_gbp) as decimal(18, 2)) as transaction_gbp,
    {{ build_id() }} as build_id
from transactions
inner join extract_in_force on transactions.extract_id = extract_in_force.extract_id
group by
    transactions.district_code,
    transactions.rent_account_key,
    transactions.month,
    transactions.transaction_kind
