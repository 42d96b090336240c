with

    area_wards as (select * from {{ ref("bridge_area_ward") }}),

    districts as (select * from {{ ref("dim_district") }} where is_warehouse_district),

    -- How many wards stand together in the row of the others.
    smaller_wards as (
        select district_code, count(distinct ward_code) as ward_count
        from area_wards
        where not has_own_figures
        group by district_code
    )

select
    district_code,
    ward_key,
    ward_code,
    max(ward_name) as ward_name,
    1 as ward_count,
    cast({{ var("ward_household_minimum") }} as integer) as household_minimum,
    {{ build_id() }} as build_id
from area_wards
where has_own_figures
group by district_code, ward_key, ward_code
union all
select
    districts.district_code,
    'others in ' || districts.district_code as ward_key,
    cast(null as varchar) as ward_code,
    'Other homes' as ward_name,
    cast(coalesce(smaller_wards.ward_count, 0) as integer) as ward_count,
    cast({{ var("ward_household_minimum") }} as integer) as household_minimum,
    {{ build_id() }} as build_id
from districts
left join smaller_wards on districts.district_code = smaller_wards.district_code
