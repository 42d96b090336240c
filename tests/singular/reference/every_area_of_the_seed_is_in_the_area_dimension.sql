-- A small area that dropped out would take its dwellings off every map.
with

    kent_lsoa21 as (select * from {{ ref("kent_lsoa21") }}),

    areas as (select * from {{ ref("dim_area") }})

select kent_lsoa21.lsoa_code as seed_lsoa_code, areas.lsoa_code
from kent_lsoa21
full outer join areas on kent_lsoa21.lsoa_code = areas.lsoa_code
where kent_lsoa21.lsoa_code is null or areas.lsoa_code is null
