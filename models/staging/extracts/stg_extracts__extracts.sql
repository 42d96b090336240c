with extracts as (select * from {{ source("landing", "extracts") }})

select
    extract_id,
    feed,
    district_code,
    month,
    layout,
    mode,
    produced_at,
    arrived_at,
    physical_rows,
    structural_rows,
    accepted_rows,
    quarantined_rows,
    other_month_rows,
    accepted_gbp,
    quarantined_gbp,
    other_month_gbp
from extracts
