with

    configured as (select * from {{ ref("stg_configuration__senders") }}),

    listed as (select * from {{ ref("dim_sender") }})

select configured.sender_code, listed.sender_code as listed_sender_code
from configured
full outer join listed on configured.sender_code = listed.sender_code
where
    configured.sender_name is distinct from listed.sender_name
    or configured.is_district is distinct from listed.is_district
