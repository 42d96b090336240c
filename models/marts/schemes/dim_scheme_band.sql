with scheme_bands as (select * from {{ ref("stg_configuration__scheme_bands") }})

select
    scheme_key,
    household_type,
    cast(band_number as integer) as band_number,
    cast(income_from_gbp as decimal(18, 2)) as income_from_gbp,
    cast(income_to_gbp as decimal(18, 2)) as income_to_gbp,
    cast(reduction_pct as decimal(5, 2)) as reduction_pct,
    {{ build_id() }} as build_id
from scheme_bands
