with pupil_household as (select * from {{ source("links", "pupil_household") }})

select pupil_key, census_month as month, district_code, uc_key, household_key, rule
from pupil_household
