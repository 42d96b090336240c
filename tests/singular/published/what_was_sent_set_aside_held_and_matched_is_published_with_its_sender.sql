-- Of every sender, the county's services among them. A service without its name would fall off the
-- page that tells how good the data is.
with

    extracts as (select * from {{ ref("fct_extracts") }}),

    quarantine_reasons as (select * from {{ ref("fct_quarantine_reasons") }}),

    match_rates as (select * from {{ ref("fct_match_rates") }}),

    senders as (select * from {{ ref("dim_sender") }}),

    told as (
        select
            'sent' as told_of,
            district_code as sender_code,
            feed,
            'all months' as told_key,
            sum(accepted_rows) as first_count,
            sum(quarantined_rows) as second_count
        from extracts
        where is_in_force
        group by district_code, feed
        union all
        select
            'held' as told_of,
            district_code as sender_code,
            feed,
            cast(month as varchar) as told_key,
            null as first_count,
            null as second_count
        from extracts
        where is_held
        group by district_code, feed, month
        union all
        select
            'set aside' as told_of,
            district_code as sender_code,
            feed,
            reason as told_key,
            sum(quarantined_rows) as first_count,
            null as second_count
        from quarantine_reasons
        group by district_code, feed, reason
        union all
        select
            'matched' as told_of,
            district_code as sender_code,
            feed,
            record_kind as told_key,
            sum(record_count) as first_count,
            sum(matched_count) as second_count
        from match_rates
        group by district_code, feed, record_kind
    ),

    marts as (
        select told.*, senders.sender_name
        from told
        left join senders on told.sender_code = senders.sender_code
    ),

    published as (
        select
            'sent' as told_of,
            district_code as sender_code,
            feed,
            'all months' as told_key,
            accepted_row_count as first_count,
            quarantined_row_count as second_count,
            sender_name
        from {{ source("published", "coverage") }}
        union all
        select
            'held' as told_of,
            district_code as sender_code,
            feed,
            cast(month as varchar) as told_key,
            null as first_count,
            null as second_count,
            sender_name
        from {{ source("published", "held_month") }}
        union all
        select
            'set aside' as told_of,
            district_code as sender_code,
            feed,
            reason as told_key,
            quarantined_row_count as first_count,
            null as second_count,
            sender_name
        from {{ source("published", "quarantine_reason") }}
        union all
        select
            'matched' as told_of,
            district_code as sender_code,
            feed,
            record_kind as told_key,
            record_count as first_count,
            matched_count as second_count,
            sender_name
        from {{ source("published", "match_rate") }}
    )

select marts.*, published.sender_name as published_sender_name
from marts
full outer join
    published
    on marts.told_of = published.told_of
    and marts.sender_code = published.sender_code
    and marts.feed = published.feed
    and marts.told_key = published.told_key
where
    marts.sender_code is null
    or published.sender_code is null
    or marts.sender_name is distinct from published.sender_name
    or {{ is_not_rounded_from("published.first_count", "marts.first_count", 2) }}
    or {{ is_not_rounded_from("published.second_count", "marts.second_count", 2) }}
