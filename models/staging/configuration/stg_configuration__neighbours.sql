with neighbour as (select * from {{ source("configuration", "neighbour") }})

select authority_code
from neighbour
