{{ config(schema="caseload") }}

with

    dwellings as (select * from {{ ref("int_entitlement_dwellings") }}),

    households as (
        select * from {{ ref("int_caseload_households") }} where cts_age_group = 'working'
    )

select dwellings.*, {{ build_id() }} as build_id
from dwellings
inner join households on dwellings.home_number = households.unit_number
