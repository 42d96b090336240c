with benefit_unit as (select * from {{ source("links", "benefit_unit") }})

select district_code, source, source_key, household_key, rule
from benefit_unit
