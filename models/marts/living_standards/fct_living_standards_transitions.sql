with

    living_standards as (
        select district_code, household_key, month, living_standards_class
        from {{ ref("fct_living_standards") }}
    ),

    district_months as (
        select district_code, month from living_standards group by district_code, month
    ),

    -- A year's transitions need the month a year before; without it nobody has come from anywhere.
    comparable_months as (
        select
            later.district_code,
            later.month,
            earlier.month as month_before,
            case
                when earlier.month = later.month - interval '1 month' then 1 else 12
            end as span_months
        from district_months as later
        inner join
            district_months as earlier
            on later.district_code = earlier.district_code
            and earlier.month
            in (later.month - interval '1 month', later.month - interval '12 months')
    )

select
    living_standards.district_code,
    living_standards.month,
    cast(comparable_months.span_months as integer) as span_months,
    coalesce(earlier.living_standards_class, 'not_there') as class_before,
    living_standards.living_standards_class,
    cast(count(*) as integer) as household_count,
    {{ build_id() }} as build_id
from living_standards
inner join
    comparable_months
    on living_standards.district_code = comparable_months.district_code
    and living_standards.month = comparable_months.month
left join
    living_standards as earlier
    on living_standards.household_key = earlier.household_key
    and comparable_months.month_before = earlier.month
group by
    living_standards.district_code,
    living_standards.month,
    comparable_months.span_months,
    earlier.living_standards_class,
    living_standards.living_standards_class
