with

    entitlements as (select * from {{ ref("fct_entitlements") }}),

    benefits as (select * from {{ ref("dim_benefit") }}),

    wards as (select * from {{ ref("dim_ward") }}),

    living_standards as (select * from {{ ref("fct_living_standards") }}),

    area_wards as (select * from {{ ref("bridge_area_ward") }}),

    last_month as (select max(month) as month from entitlements),

    -- Only what an extract tells of payments can be told to be unclaimed.
    compared as (
        select
            entitlements.district_code,
            coalesce(area_wards.ward_key, 'others in ' || entitlements.district_code) as ward_key,
            entitlements.month,
            entitlements.benefit_code,
            entitlements.gap_gbp,
            entitlements.reason_code = 'unclaimed' as is_unclaimed
        from entitlements
        inner join last_month on entitlements.month = last_month.month
        left join
            living_standards
            on entitlements.district_code = living_standards.district_code
            and entitlements.household_key = living_standards.household_key
            and entitlements.month = living_standards.month
        left join
            area_wards
            on living_standards.lsoa_code = area_wards.lsoa_code
            and entitlements.district_code = area_wards.district_code
        where coalesce(entitlements.estimate_gbp, 0) > 0 and entitlements.in_payment_gbp is not null
    ),

    ward_counts as (select district_code, count(*) as row_count from wards group by district_code),

    -- Where fewer than ten households are compared for a ward on average, its wards would all be
    -- hidden, and the district with them.
    benefits_with_wards as (
        select compared.district_code, compared.benefit_code
        from compared
        inner join ward_counts on compared.district_code = ward_counts.district_code
        group by compared.district_code, compared.benefit_code
        having count(*) >= 10 * max(ward_counts.row_count)
    )

select
    compared.district_code,
    compared.ward_key,
    compared.month,
    compared.benefit_code,
    benefits.benefit_name,
    cast(count(*) as integer) as compared_count,
    cast(count(case when not compared.is_unclaimed then 1 end) as integer) as claiming_count,
    cast(count(case when compared.is_unclaimed then 1 end) as integer) as unclaimed_count,
    cast(
        sum(case when compared.is_unclaimed then compared.gap_gbp else 0 end) as decimal(18, 2)
    ) as unclaimed_gbp,
    cast(
        max(case when compared.is_unclaimed then compared.gap_gbp else 0 end) as decimal(18, 2)
    ) as largest_unclaimed_gbp,
    {{ build_id() }} as build_id
from compared
inner join
    benefits_with_wards
    on compared.district_code = benefits_with_wards.district_code
    and compared.benefit_code = benefits_with_wards.benefit_code
inner join benefits on compared.benefit_code = benefits.benefit_code
group by
    compared.district_code,
    compared.ward_key,
    compared.month,
    compared.benefit_code,
    benefits.benefit_name
