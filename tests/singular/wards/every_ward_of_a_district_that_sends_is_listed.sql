-- Above the threshold by itself, below it in the others of its district, and no small area twice.
with

    wards as (select * from {{ ref("dim_ward") }}),

    area_wards as (select * from {{ ref("bridge_area_ward") }}),

    areas as (select * from {{ ref("dim_area") }}),

    districts as (select * from {{ ref("dim_district") }} where is_warehouse_district),

    seeded as (
        select areas.district_code, areas.lsoa_code, areas.ward_code
        from areas
        inner join districts on areas.district_code = districts.district_code
    ),

    seeded_districts as (
        select districts.district_code, count(distinct seeded.ward_code) as ward_count
        from districts
        left join seeded on districts.district_code = seeded.district_code
        group by districts.district_code
    ),

    listed as (
        select
            district_code,
            sum(ward_count) as ward_count,
            count(*) as row_count,
            count(ward_code) as own_count
        from wards
        group by district_code
    )

select seeded_districts.district_code, listed.ward_count
from seeded_districts
full outer join listed on seeded_districts.district_code = listed.district_code
where
    seeded_districts.ward_count is distinct from listed.ward_count
    or listed.row_count <> listed.own_count + 1
union all
select seeded.lsoa_code, null as ward_count
from seeded
full outer join
    area_wards
    on seeded.lsoa_code = area_wards.lsoa_code
    and seeded.district_code = area_wards.district_code
    and seeded.ward_code = area_wards.ward_code
where seeded.lsoa_code is null or area_wards.lsoa_code is null
