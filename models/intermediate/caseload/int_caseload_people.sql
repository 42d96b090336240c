{{ config(schema="caseload") }}

with

    people as (select * from {{ ref("int_entitlement_people") }}),

    households as (
        select * from {{ ref("int_caseload_households") }} where cts_age_group = 'working'
    )

select
    people.period_key,
    people.unit_number,
    people.home_number,
    people.person_number,
    people.person_key,
    people.age_years,
    people.role,
    people.is_non_dependant,
    people.is_of_pension_age,
    people.has_reached_pension_age_before_2016_04_06,
    people.has_reached_pension_age_before_2021_04_01,
    people.is_born_before_2017_04_06,
    people.is_female,
    people.is_disabled,
    people.has_highest_care,
    people.has_lcwra,
    people.has_lcw_element,
    people.has_daily_living_benefit,
    people.has_disability_benefit,
    people.weekly_care_hours,
    people.weekly_hours,
    people.is_in_start_up_period,
    people.is_disregarded_for_council_tax,
    people.annual_childcare_gbp,
    people.weekly_gross_income_gbp,
    {{ build_id() }} as build_id
from people
inner join households on people.unit_number = households.unit_number
