with match_rates as (select * from {{ ref("stg_links__match_rates") }})

select
    district_code,
    feed,
    source,
    record_kind,
    rule,
    cast(record_count as bigint) as record_count,
    cast(matched_count as bigint) as matched_count,
    cast(record_count - matched_count as bigint) as unmatched_count,
    {{ build_id() }} as build_id
from match_rates
