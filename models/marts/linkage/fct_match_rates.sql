with

    match_rates as (select * from {{ ref("stg_links__match_rates") }}),

    pupils as (select * from {{ ref("fct_free_school_meals") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    -- Pupils are met outside the link set, and only those can be whose parent is on Universal
    -- Credit
    -- and whom a sharing lets be looked for: others say nothing of how well they are met.
    pupils_looked_for as (
        select
            service_code as district_code,
            pupil_key,
            min(case when household_key is not null then link_rule end) as rule
        from pupils
        where is_matching_shared and entitlement_ground = 'universal_credit'
        group by service_code, pupil_key
    ),

    pupil_rates as (
        select
            district_code,
            'free_school_meals' as feed,
            'pupil' as source,
            'person' as record_kind,
            coalesce(rule, 'alone') as rule,
            count(*) as record_count,
            count(rule) as matched_count
        from pupils_looked_for
        group by district_code, coalesce(rule, 'alone')
    ),

    all_rates as (
        select district_code, feed, source, record_kind, rule, record_count, matched_count
        from match_rates
        union all
        select district_code, feed, source, record_kind, rule, record_count, matched_count
        from pupil_rates
    ),

    last_months as (
        select district_code, feed, max(month) as last_month
        from extract_in_force
        group by district_code, feed
    )

select
    all_rates.district_code,
    all_rates.feed,
    all_rates.source,
    all_rates.record_kind,
    all_rates.rule,
    last_months.last_month,
    cast(all_rates.record_count as bigint) as record_count,
    cast(all_rates.matched_count as bigint) as matched_count,
    cast(all_rates.record_count - all_rates.matched_count as bigint) as unmatched_count,
    {{ build_id() }} as build_id
from all_rates
inner join
    last_months
    on all_rates.district_code = last_months.district_code
    and all_rates.feed = last_months.feed
