with balance as (select * from {{ source("landing", "council_tax__balance") }})

select
    extract_id,
    district_code,
    month,
    account_key,
    liability_year,
    recovery_stage,
    gross_charge_gbp,
    discount_gbp,
    cts_credit_gbp,
    costs_gbp,
    receipts_gbp,
    receipts_in_month_gbp,
    write_off_gbp,
    write_off_in_month_gbp,
    instalments_due_gbp,
    balance_gbp
from balance
