-- Roles of claims and accounts in the links, and pupils looked for, = people counted and matched,
-- by
-- sender, source and rule.
with

    people as (select * from {{ source("links", "person") }}),

    pupils as (select * from {{ ref("fct_free_school_meals") }}),

    match_rates as (select * from {{ ref("fct_match_rates") }}),

    linked as (
        select
            district_code,
            source,
            case
                when count(*) over (partition by district_code, person_key) > 1 then 1 else 0
            end as matched
        from people
        union all
        select
            service_code as district_code,
            'pupil' as source,
            max(case when household_key is null then 0 else 1 end) as matched
        from pupils
        where is_matching_shared and entitlement_ground = 'universal_credit'
        group by service_code, pupil_key
    ),

    linked_added as (
        select district_code, source, count(*) as record_count, sum(matched) as matched_count
        from linked
        group by district_code, source
    ),

    counted as (
        select
            district_code,
            source,
            sum(record_count) as record_count,
            sum(matched_count) as matched_count
        from match_rates
        where record_kind = 'person'
        group by district_code, source
    )

select
    district_code,
    source,
    linked_added.record_count,
    counted.record_count as counted_record_count,
    linked_added.matched_count,
    counted.matched_count as counted_matched_count
from linked_added
full outer join counted using (district_code, source)
where
    linked_added.record_count is distinct from counted.record_count
    or linked_added.matched_count is distinct from counted.matched_count
