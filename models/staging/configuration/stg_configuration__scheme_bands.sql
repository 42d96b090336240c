with scheme_band as (select * from {{ source("configuration", "scheme_band") }})

select scheme_key, household_type, band_number, income_from_gbp, income_to_gbp, reduction_pct
from scheme_band
