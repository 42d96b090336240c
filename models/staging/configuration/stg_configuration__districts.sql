with district as (select * from {{ source("configuration", "district") }})

select district_code, district_name, district_slug
from district
