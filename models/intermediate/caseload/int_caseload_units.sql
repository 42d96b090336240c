{{ config(schema="caseload") }}

with

    units as (select * from {{ ref("int_entitlement_units") }}),

    households as (
        select * from {{ ref("int_caseload_households") }} where cts_age_group = 'working'
    )

select
    units.unit_number,
    units.home_number,
    units.period_key,
    units.district_code,
    units.household_key,
    units.is_liable,
    units.capital_gbp,
    units.is_in_london,
    units.claims_universal_credit,
    units.has_new_health_element,
    units.is_on_guarantee_credit,
    units.is_passported,
    units.reported_housing_benefit_gbp,
    units.deductions_asked_gbp,
    {{ build_id() }} as build_id
from units
inner join households on units.unit_number = households.unit_number
