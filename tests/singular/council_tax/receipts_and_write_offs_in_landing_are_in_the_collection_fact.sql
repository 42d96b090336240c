-- From the balances as landed: what was charged this year, what came in and what was written off,
-- split between this year and earlier ones, per district and month.
with

    balances as (select * from {{ ref("stg_council_tax__balances") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    months as (select * from {{ ref("dim_month") }}),

    collection as (select * from {{ ref("fct_collection") }}),

    balances_by_year as (
        select balances.*, balances.liability_year = months.financial_year as is_this_year
        from balances
        inner join extract_in_force on balances.extract_id = extract_in_force.extract_id
        left join months on balances.month = months.month
    ),

    landed as (
        select
            district_code,
            month,
            sum(
                case
                    when is_this_year then gross_charge_gbp - discount_gbp - cts_credit_gbp else 0
                end
            ) as net_collectable_debit_gbp,
            sum(receipts_in_month_gbp) as receipts_in_month_gbp,
            sum(receipts_gbp) as receipts_to_date_gbp,
            sum(case when is_this_year then receipts_gbp else 0 end) as in_year_receipts_gbp,
            sum(
                case when is_this_year then 0 else receipts_in_month_gbp end
            ) as prior_year_receipts_gbp,
            sum(write_off_in_month_gbp) as write_off_in_month_gbp,
            sum(write_off_gbp) as write_off_to_date_gbp
        from balances_by_year
        group by district_code, month
    ),

    in_fact as (
        select
            district_code,
            month,
            sum(net_collectable_debit_gbp) as net_collectable_debit_gbp,
            sum(receipts_in_month_gbp) as receipts_in_month_gbp,
            sum(receipts_to_date_gbp) as receipts_to_date_gbp,
            sum(in_year_receipts_to_date_gbp) as in_year_receipts_gbp,
            sum(prior_year_receipts_in_month_gbp) as prior_year_receipts_gbp,
            sum(write_off_in_month_gbp) as write_off_in_month_gbp,
            sum(write_off_to_date_gbp) as write_off_to_date_gbp
        from collection
        group by district_code, month
    )

select *
from landed
full outer join
    in_fact on landed.district_code = in_fact.district_code and landed.month = in_fact.month
where
    landed.net_collectable_debit_gbp is distinct from in_fact.net_collectable_debit_gbp
    or landed.receipts_in_month_gbp is distinct from in_fact.receipts_in_month_gbp
    or landed.receipts_to_date_gbp is distinct from in_fact.receipts_to_date_gbp
    or landed.in_year_receipts_gbp is distinct from in_fact.in_year_receipts_gbp
    or landed.prior_year_receipts_gbp is distinct from in_fact.prior_year_receipts_gbp
    or landed.write_off_in_month_gbp is distinct from in_fact.write_off_in_month_gbp
    or landed.write_off_to_date_gbp is distinct from in_fact.write_off_to_date_gbp
