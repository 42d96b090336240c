-- Claims and accounts in the links = claims and accounts counted and matched, by district and
-- source.
with

    benefit_units as (select * from {{ ref("stg_links__benefit_units") }}),

    match_rates as (select * from {{ ref("fct_match_rates") }}),

    households as (
        select
            district_code,
            household_key,
            case when count(distinct source) > 1 then 1 else 0 end as is_met
        from benefit_units
        group by district_code, household_key
    ),

    -- An account that two units share is one account, met where either is.
    linked as (
        select
            benefit_units.district_code,
            benefit_units.source,
            benefit_units.source_key,
            max(households.is_met) as is_met
        from benefit_units
        inner join
            households
            on benefit_units.district_code = households.district_code
            and benefit_units.household_key = households.household_key
        group by benefit_units.district_code, benefit_units.source, benefit_units.source_key
    ),

    linked_added as (
        select district_code, source, count(*) as record_count, sum(is_met) as matched_count
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
        where record_kind = 'household'
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
