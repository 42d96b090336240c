with kent_lsoa21 as (select * from {{ ref("kent_lsoa21") }})

select
    lsoa_code,
    lsoa_name,
    ward_code,
    ward_name,
    msoa_code,
    district_code,
    imd_decile,
    imd_score,
    rural_urban_class,
    -- The 2021 LSOAs hold from the census day on; no later set has been made.
    cast('2021-03-21' as date) as valid_from,
    cast(null as date) as valid_to,
    {{ build_id() }} as build_id
from kent_lsoa21
