{{ config(tags=["month_local"]) }}

with balances as (select * from {{ ref("int_council_tax__balances_in_force") }})

select
    district_code,
    account_key,
    liability_year,
    month,
    is_current_year,
    cast(
        case
            when is_current_year then gross_charge_gbp - discount_gbp - cts_credit_gbp else 0
        end as decimal(18, 2)
    ) as net_collectable_debit_gbp,
    receipts_in_month_gbp,
    receipts_gbp as receipts_to_date_gbp,
    cast(
        case when is_current_year then receipts_gbp else 0 end as decimal(18, 2)
    ) as in_year_receipts_to_date_gbp,
    cast(
        case when is_current_year then 0 else receipts_in_month_gbp end as decimal(18, 2)
    ) as prior_year_receipts_in_month_gbp,
    write_off_in_month_gbp,
    write_off_gbp as write_off_to_date_gbp,
    {{ build_id() }} as build_id
from balances
