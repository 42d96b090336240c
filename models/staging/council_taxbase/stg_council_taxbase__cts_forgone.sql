with cts_forgone as (select * from {{ source("landing", "council_taxbase__cts_forgone") }})

select
    extract_id,
    financial_year,
    cast(substr(financial_year, 1, 4) || '-04-01' as date) as financial_year_start_date,
    authority_code as printed_authority_code,
    mhclg_code,
    -- The reader gives England's line the ONS code of England, whatever the workbook calls it.
    authority_code = 'E92000001' as is_england,
    band,
    age_group,
    cts_forgone_gbp,
    dwelling_equivalents,
    mark
from cts_forgone
