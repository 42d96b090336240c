-- As `districts.yml` says: the district's page tells the reason in words.
with

    districts as (
        select * from {{ ref("stg_configuration__district_without") }} where feed = 'rent'
    ),

    published as (select * from {{ source("published", "districts") }})

select published.district_code
from published
left join districts on published.district_code = districts.district_code
where
    published.without_council_homes_because is distinct from districts.reason
    or (districts.district_code is not null and published.has_council_homes is distinct from false)
    or (districts.district_code is null and published.has_council_homes is not distinct from false)
