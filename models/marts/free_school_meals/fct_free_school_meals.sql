with

    pupils as (select * from {{ ref("stg_free_school_meals__pupils") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    pupil_households as (select * from {{ ref("stg_links__pupil_households") }}),

    sharings as (select * from {{ ref("stg_configuration__sharings") }}),

    areas as (select * from {{ ref("dim_area") }}),

    -- Both feeds must be named, or no key may meet another.
    sharing_counted as (
        select count(*) = 2 as is_matching_shared
        from sharings
        where sharing = 'free_school_meals' and feed in ('free_school_meals', 'universal_credit')
    )

select
    pupils.service_code,
    pupils.month,
    pupils.pupil_key,
    areas.district_code,
    pupils.lsoa_code,
    pupils.school_code,
    cast(pupils.year_group as integer) as year_group,
    cast(pupils.age_at_month_end as integer) as age_at_month_end,
    pupils.is_entitled,
    pupils.is_registered,
    pupils.is_entitled and not pupils.is_registered as is_entitled_not_registered,
    pupils.entitlement_ground,
    pupils.registered_from,
    sharing_counted.is_matching_shared,
    pupil_households.household_key,
    pupil_households.district_code as household_district_code,
    pupil_households.rule as link_rule,
    {{ build_id() }} as build_id
from pupils
inner join extract_in_force on pupils.extract_id = extract_in_force.extract_id
cross join sharing_counted
left join areas on pupils.lsoa_code = areas.lsoa_code
left join
    pupil_households
    on pupils.pupil_key = pupil_households.pupil_key
    and pupils.month = pupil_households.month
