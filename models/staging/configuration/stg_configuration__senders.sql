with sender as (select * from {{ source("configuration", "sender") }})

select sender_code, sender_name, is_district
from sender
