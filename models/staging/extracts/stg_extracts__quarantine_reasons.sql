with quarantine_reasons as (select * from {{ source("landing", "quarantine_reasons") }})

select extract_id, record, reason, column_name, quarantined_rows, quarantined_gbp
from quarantine_reasons
