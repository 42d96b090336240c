with

    entitlements as (select * from {{ ref("fct_entitlements") }}),

    benefits as (select * from {{ ref("dim_benefit") }}),

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
inner join benefits on compared.benefit_code = benefits.benefit_code
group by
    compared.district_code,
    compared.ward_key,
    compared.month,
    compared.benefit_code,
    benefits.benefit_name
