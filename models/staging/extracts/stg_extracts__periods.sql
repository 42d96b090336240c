with extract_periods as (select * from {{ source("landing", "extract_periods") }})

select extract_id, known_from, known_to
from extract_periods
