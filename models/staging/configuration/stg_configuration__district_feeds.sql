with district_feed as (select * from {{ source("configuration", "district_feed") }})

select district_code, feed, feed_title, layout, due_day
from district_feed
