with extract_holds as (select * from {{ source("landing", "extract_holds") }})

select extract_id, held_from, held_to
from extract_holds
