{{ config(materialized="view") }}

with

    balances as (select * from {{ ref("stg_council_tax__balances") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    months as (select * from {{ ref("dim_month") }})

select
    balances.district_code,
    balances.month,
    balances.account_key,
    balances.liability_year,
    balances.recovery_stage,
    balances.liability_year = months.financial_year as is_current_year,
    months.financial_month_number = 12 as is_year_end,
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
inner join months on balances.month = months.month
