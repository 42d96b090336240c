with scheme_alternative as (select * from {{ source("configuration", "scheme_alternative") }})

select scheme_key, alternative_number, alternative_key
from scheme_alternative
