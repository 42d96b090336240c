with dwellings as (select * from {{ source("landing", "council_taxbase__dwellings") }})

select
    extract_id,
    financial_year,
    cast(substr(financial_year, 1, 4) || '-04-01' as date) as financial_year_start_date,
    authority_code as printed_authority_code,
    mhclg_code,
    authority_code = 'E92000001' as is_england,
    band,
    dwellings_on_list,
    exempt_dwellings,
    chargeable_dwellings,
    chargeable_dwellings_after_relief,
    single_adult_dwellings,
    mark
from dwellings
