with band_dwellings as (select * from {{ ref("int_official__band_dwellings") }})

select
    authority_code,
    financial_year,
    cast(sum(chargeable_dwellings) as bigint) as chargeable_dwellings,
    cast(sum(single_adult_dwellings) as bigint) as single_adult_dwellings,
    cast(sum(exempt_dwellings) as bigint) as exempt_dwellings,
    cast(sum(dwellings_on_list) as bigint) as dwellings_on_list,
    {{ build_id() }} as build_id
from band_dwellings
group by authority_code, financial_year
