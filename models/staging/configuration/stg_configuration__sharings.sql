with sharing as (select * from {{ source("configuration", "sharing") }})

select sharing, title, feed
from sharing
