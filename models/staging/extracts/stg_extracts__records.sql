with extract_records as (select * from {{ source("landing", "extract_records") }})

select extract_id, record, landed_rows, landed_gbp
from extract_records
