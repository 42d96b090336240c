-- Rows and pounds from the ledger's own count of the extracts in force to the fact, linked or not.
with

    records as (select * from {{ ref("stg_extracts__records") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    awards as (select * from {{ ref("fct_discretionary_awards") }}),

    in_ledger as (
        select
            extract_in_force.district_code,
            extract_in_force.month,
            sum(records.landed_rows) as award_count,
            sum(records.landed_gbp) as award_gbp
        from records
        inner join extract_in_force on records.extract_id = extract_in_force.extract_id
        where extract_in_force.feed = 'discretionary_awards'
        group by extract_in_force.district_code, extract_in_force.month
    ),

    in_fact as (
        select district_code, month, count(*) as award_count, sum(award_gbp) as award_gbp
        from awards
        group by district_code, month
    )

select in_ledger.*, in_fact.award_count as fact_count, in_fact.award_gbp as fact_gbp
from in_ledger
full outer join
    in_fact on in_ledger.district_code = in_fact.district_code and in_ledger.month = in_fact.month
where
    in_ledger.award_count is distinct from in_fact.award_count
    or in_ledger.award_gbp is distinct from in_fact.award_gbp
