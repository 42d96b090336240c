with county as (select * from {{ source("configuration", "county") }})

select county_code, county_name
from county
