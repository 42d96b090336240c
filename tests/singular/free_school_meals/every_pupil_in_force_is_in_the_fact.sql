-- Rows of each census in force by the ledger, and those of each standing as landed, against the
-- fact:
-- a pupil lost, doubled by its area or by its household, or counted as registered that is not.
with

    records as (select * from {{ ref("stg_extracts__records") }}),

    pupils as (select * from {{ ref("stg_free_school_meals__pupils") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    meals as (select * from {{ ref("fct_free_school_meals") }}),

    in_ledger as (
        select
            extract_in_force.district_code as service_code,
            extract_in_force.month,
            sum(records.landed_rows) as pupil_count
        from records
        inner join extract_in_force on records.extract_id = extract_in_force.extract_id
        where extract_in_force.feed = 'free_school_meals' and records.record = 'pupil'
        group by extract_in_force.district_code, extract_in_force.month
    ),

    landed as (
        select
            pupils.service_code,
            pupils.month,
            sum(case when pupils.is_entitled then 1 else 0 end) as entitled_count,
            sum(case when pupils.is_registered then 1 else 0 end) as registered_count
        from pupils
        inner join extract_in_force on pupils.extract_id = extract_in_force.extract_id
        group by pupils.service_code, pupils.month
    ),

    in_fact as (
        select
            service_code,
            month,
            count(*) as pupil_count,
            sum(case when is_entitled then 1 else 0 end) as entitled_count,
            sum(case when is_registered then 1 else 0 end) as registered_count
        from meals
        group by service_code, month
    )

select in_ledger.service_code, in_ledger.month
from in_ledger
full outer join
    in_fact on in_ledger.service_code = in_fact.service_code and in_ledger.month = in_fact.month
left join landed on in_ledger.service_code = landed.service_code and in_ledger.month = landed.month
where
    in_ledger.pupil_count is distinct from in_fact.pupil_count
    or landed.entitled_count is distinct from in_fact.entitled_count
    or landed.registered_count is distinct from in_fact.registered_count
