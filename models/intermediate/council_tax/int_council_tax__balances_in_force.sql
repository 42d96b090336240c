{{ config(materialized="view") }}

with

    balances as (select * from {{ ref("stg_council_tax__balances") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }})

select
    balances.district_code,
    balances.month,
    balances.account_key,
    balances.liability_year,
    balances.recovery_stage,
    balances.liability_year = {{ financial_year_of("balances.month") }} as is_current_year,
    extract(month from balances.month) = 3 as is_year_end,
    balances.gross_charge_gbp,
    balances.discount_gbp,
    balances.cts_credit_gbp,
    balances.costs_gbp,
    balances.receipts_gbp,
    balances.receipts_in_month_gbp,
    balances.write_off_gbp,
    balances.write_off_in_month_gbp,
    balances.instalments_due_gbp,
    balances.balance_gbp
from balances
inner join extract_in_force on balances.extract_id = extract_in_force.extract_id
