{{ config(schema="caseload") }}

with

    people as (select * from {{ ref("int_entitlement_people") }}),

    households as (
        select * from {{ ref("int_caseload_households") }} where cts_age_group = 'working'
    )

select people.*, {{ build_id() }} as build_id
from people
inner join households on people.unit_number = households.unit_number
