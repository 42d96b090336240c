-- A ward with few households would show hidden figures and little else, and what it hides would
-- have to be hidden in others too: smaller wards stand together in one row of their district.
with

    areas as (select * from {{ ref("dim_area") }}),

    districts as (select * from {{ ref("dim_district") }} where is_warehouse_district),

    area_months as (select * from {{ ref("fct_living_standards_month") }}),

    last_months as (
        select district_code, max(month) as month from area_months group by district_code
    ),

    ward_sizes as (
        select
            areas.district_code,
            areas.ward_code,
            sum(area_months.household_count) as household_count
        from last_months
        inner join
            area_months
            on last_months.district_code = area_months.district_code
            and last_months.month = area_months.month
        inner join
            areas
            on area_months.lsoa_code = areas.lsoa_code
            and area_months.district_code = areas.district_code
        group by areas.district_code, areas.ward_code
    )

select
    areas.lsoa_code,
    areas.district_code,
    areas.ward_code,
    areas.ward_name,
    coalesce(
        ward_sizes.household_count >= {{ var("ward_household_minimum") }}, false
    ) as has_own_figures,
    case
        when ward_sizes.household_count >= {{ var("ward_household_minimum") }}
        then areas.ward_code
        else 'others in ' || areas.district_code
    end as ward_key,
    {{ build_id() }} as build_id
from areas
inner join districts on areas.district_code = districts.district_code
left join
    ward_sizes
    on areas.district_code = ward_sizes.district_code
    and areas.ward_code = ward_sizes.ward_code
