with

    match_rates as (select * from {{ ref("stg_links__match_rates") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    last_months as (
        select district_code, feed, max(month) as last_month
        from extract_in_force
        group by district_code, feed
    )

select
    match_rates.district_code,
    match_rates.feed,
    match_rates.source,
    match_rates.record_kind,
    match_rates.rule,
    last_months.last_month,
    cast(match_rates.record_count as bigint) as record_count,
    cast(match_rates.matched_count as bigint) as matched_count,
    cast(match_rates.record_count - match_rates.matched_count as bigint) as unmatched_count,
    {{ build_id() }} as build_id
from match_rates
inner join
    last_months
    on match_rates.district_code = last_months.district_code
    and match_rates.feed = last_months.feed
