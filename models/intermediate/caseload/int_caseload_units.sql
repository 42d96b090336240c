{{ config(schema="caseload") }}

with

    units as (select * from {{ ref("int_entitlement_units") }}),

    households as (
        select * from {{ ref("int_caseload_households") }} where cts_age_group = 'working'
    )

select units.*, {{ build_id() }} as build_id
from units
inner join households on units.unit_number = households.unit_number
