-- Claims and accounts in the links = claims and accounts counted, matched or not, by district and
-- source.
with

    benefit_units as (select * from {{ ref("stg_links__benefit_units") }}),

    match_rates as (select * from {{ ref("fct_match_rates") }}),

    -- distinct: an account that two units share is one account
    linked as (
        select district_code, source, count(distinct source_key) as record_count
        from benefit_units
        group by district_code, source
    ),

    counted as (
        select district_code, source, sum(record_count) as record_count
        from match_rates
        where record_kind = 'household'
        group by district_code, source
    )

select district_code, source, linked.record_count, counted.record_count as counted_count
from linked
full outer join counted using (district_code, source)
where linked.record_count is distinct from counted.record_count
