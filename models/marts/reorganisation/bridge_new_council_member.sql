with

    members as (select * from {{ ref("int_reorganisation__members") }}),

    billing_authorities as (select * from {{ ref("billing_authorities") }})

select
    members.place_key,
    members.place_kind,
    members.authority_code,
    billing_authorities.authority_name,
    members.sends_extracts,
    {{ build_id() }} as build_id
from members
inner join billing_authorities on members.authority_code = billing_authorities.authority_code
