{{ config(schema="caseload") }}

with

    dwellings as (select * from {{ ref("int_entitlement_dwellings") }}),

    households as (
        select * from {{ ref("int_caseload_households") }} where cts_age_group = 'working'
    )

select
    dwellings.home_number,
    dwellings.period_key,
    dwellings.district_code,
    dwellings.brma_code,
    dwellings.is_in_london,
    dwellings.tenure,
    dwellings.annual_rent_gbp,
    dwellings.annual_service_charge_gbp,
    dwellings.bedroom_count,
    dwellings.council_tax_band,
    dwellings.annual_gross_council_tax_gbp,
    dwellings.annual_council_tax_gbp,
    {{ build_id() }} as build_id
from dwellings
inner join households on dwellings.home_number = households.unit_number
