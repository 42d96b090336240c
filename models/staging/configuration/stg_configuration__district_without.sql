with district_without as (select * from {{ source("configuration", "district_without") }})

select district_code, feed, reason
from district_without
