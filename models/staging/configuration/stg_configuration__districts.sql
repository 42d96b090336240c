with district as (select * from {{ source("configuration", "district") }})

select district_code, district_name, district_slug, credits_posted
from district
