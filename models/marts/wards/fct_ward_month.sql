with

    area_months as (select * from {{ ref("fct_living_standards_month") }}),

    household_overdue as (select * from {{ ref("fct_overdue_debtor_month") }}),

    households as (select * from {{ ref("dim_household") }}),

    area_wards as (select * from {{ ref("bridge_area_ward") }}),

    -- A year and the month that it is held against: what a page of a ward draws.
    first_standards_month as (select max(month) - interval '12 months' as month from area_months),

    first_overdue_month as (
        select max(month) - interval '12 months' as month from household_overdue
    ),

    living_standards as (
        select
            area_months.district_code,
            coalesce(area_wards.ward_key, 'others in ' || area_months.district_code) as ward_key,
            area_months.month,
            sum(area_months.household_count) as household_count,
            sum(area_months.known_count) as known_count,
            sum(area_months.in_crisis_count) as in_crisis_count,
            sum(area_months.at_risk_count) as at_risk_count,
            sum(area_months.struggling_count) as struggling_count,
            sum(area_months.coping_count) as coping_count,
            sum(area_months.shortfall_count) as shortfall_count,
            sum(area_months.shortfall_gbp) as shortfall_gbp,
            max(area_months.largest_shortfall_gbp) as largest_shortfall_gbp,
            sum(area_months.new_to_hardship_count) as new_to_hardship_count
        from area_months
        inner join first_standards_month on area_months.month >= first_standards_month.month
        left join
            area_wards
            on area_months.lsoa_code = area_wards.lsoa_code
            and area_months.district_code = area_wards.district_code
        group by
            area_months.district_code,
            coalesce(area_wards.ward_key, 'others in ' || area_months.district_code),
            area_months.month
    ),

    -- A debtor without a home of the month, or not linked to a household, has no ward that is
    -- known.
    overdue as (
        select
            household_overdue.district_code,
            coalesce(
                area_wards.ward_key, 'others in ' || household_overdue.district_code
            ) as ward_key,
            household_overdue.month,
            sum(case when household_overdue.is_linked then 1 else 0 end) as overdue_household_count,
            sum(household_overdue.overdue_gbp) as overdue_gbp,
            max(household_overdue.overdue_gbp) as largest_household_overdue_gbp
        from household_overdue
        inner join first_overdue_month on household_overdue.month >= first_overdue_month.month
        left join
            households
            on household_overdue.debtor_key = households.household_key
            and household_overdue.month
            between households.valid_from_month and households.valid_to_month
        left join
            area_wards
            on households.lsoa_code = area_wards.lsoa_code
            and household_overdue.district_code = area_wards.district_code
        group by
            household_overdue.district_code,
            coalesce(area_wards.ward_key, 'others in ' || household_overdue.district_code),
            household_overdue.month
    )

select
    coalesce(living_standards.district_code, overdue.district_code) as district_code,
    coalesce(living_standards.ward_key, overdue.ward_key) as ward_key,
    coalesce(living_standards.month, overdue.month) as month,
    cast(living_standards.household_count as integer) as household_count,
    cast(living_standards.known_count as integer) as known_count,
    cast(living_standards.in_crisis_count as integer) as in_crisis_count,
    cast(living_standards.at_risk_count as integer) as at_risk_count,
    cast(living_standards.struggling_count as integer) as struggling_count,
    cast(living_standards.coping_count as integer) as coping_count,
    cast(living_standards.shortfall_count as integer) as shortfall_count,
    cast(living_standards.shortfall_gbp as decimal(18, 2)) as shortfall_gbp,
    cast(living_standards.largest_shortfall_gbp as decimal(18, 2)) as largest_shortfall_gbp,
    cast(living_standards.new_to_hardship_count as integer) as new_to_hardship_count,
    cast(overdue.overdue_household_count as integer) as overdue_household_count,
    cast(overdue.overdue_gbp as decimal(18, 2)) as overdue_gbp,
    cast(overdue.largest_household_overdue_gbp as decimal(18, 2)) as largest_household_overdue_gbp,
    {{ build_id() }} as build_id
from living_standards
full outer join
    overdue
    on living_standards.district_code = overdue.district_code
    and living_standards.ward_key = overdue.ward_key
    and living_standards.month = overdue.month
