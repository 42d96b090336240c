with

    benefit_spend as (select * from {{ ref("fct_benefit_spend") }}),

    households as (select * from {{ ref("dim_household") }}),

    area_wards as (select * from {{ ref("bridge_area_ward") }}),

    cts_spend as (
        select district_code, household_version_key, month, cts_age_group
        from benefit_spend
        where benefit_code = 'cts' and is_in_payment
    ),

    -- A year and the month that it is held against: what a page of a ward draws.
    first_month as (select max(month) - interval '12 months' as month from cts_spend)

select
    cts_spend.district_code,
    coalesce(area_wards.ward_key, 'others in ' || cts_spend.district_code) as ward_key,
    cts_spend.month,
    cts_spend.cts_age_group,
    cast(count(*) as integer) as household_count,
    {{ build_id() }} as build_id
from cts_spend
inner join first_month on cts_spend.month >= first_month.month
left join households on cts_spend.household_version_key = households.household_version_key
left join
    area_wards
    on households.lsoa_code = area_wards.lsoa_code
    and cts_spend.district_code = area_wards.district_code
group by
    cts_spend.district_code,
    coalesce(area_wards.ward_key, 'others in ' || cts_spend.district_code),
    cts_spend.month,
    cts_spend.cts_age_group
