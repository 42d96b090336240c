with match_rate as (select * from {{ source("links", "match_rate") }})

select district_code, feed, source, kind as record_kind, rule, record_count, matched_count
from match_rate
