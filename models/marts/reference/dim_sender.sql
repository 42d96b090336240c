with senders as (select * from {{ ref("stg_configuration__senders") }})

select sender_code, sender_name, is_district, {{ build_id() }} as build_id
from senders
