with

    balances as (select * from {{ ref("stg_council_tax__balances") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    collection as (select * from {{ ref("fct_collection") }}),

    landed as (
        select
            balances.district_code,
            balances.month,
            sum(balances.receipts_in_month_gbp) as receipts_in_month_gbp,
            sum(balances.write_off_in_month_gbp) as write_off_in_month_gbp,
            sum(balances.receipts_gbp) as receipts_to_date_gbp
        from balances
        inner join extract_in_force on balances.extract_id = extract_in_force.extract_id
        group by balances.district_code, balances.month
    ),

    in_fact as (
        select
            district_code,
            month,
            sum(receipts_in_month_gbp) as receipts_in_month_gbp,
            sum(write_off_in_month_gbp) as write_off_in_month_gbp,
            sum(receipts_to_date_gbp) as receipts_to_date_gbp
        from collection
        group by district_code, month
    )

select *
from landed
full outer join
    in_fact on landed.district_code = in_fact.district_code and landed.month = in_fact.month
where
    landed.receipts_in_month_gbp is distinct from in_fact.receipts_in_month_gbp
    or landed.write_off_in_month_gbp is distinct from in_fact.write_off_in_month_gbp
    or landed.receipts_to_date_gbp is distinct from in_fact.receipts_to_date_gbp
