{{ config(materialized="view") }}

with rates as (select * from {{ ref("int_entitlement_period_rates") }})

select
    period_key,
    {{ rate("carers_allowance") }} as carers_allowance,
    {{ rate("carers_allowance_earnings_limit") }} as carers_allowance_earnings_limit,
    {{ rate("carers_allowance_hours") }} as carers_allowance_hours,
    {{ rate("attendance_allowance_higher") }} as attendance_allowance_higher,
    {{ rate("attendance_allowance_lower") }} as attendance_allowance_lower,
    {{ rate("dla_care_highest") }} as dla_care_highest,
    {{ rate("dla_care_middle") }} as dla_care_middle,
    {{ rate("dla_care_lowest") }} as dla_care_lowest,
    {{ rate("pip_daily_living_enhanced") }} as pip_daily_living_enhanced,
    {{ rate("pip_daily_living_standard") }} as pip_daily_living_standard,
    {{ rate("pip_mobility_enhanced") }} as pip_mobility_enhanced,
    {{ rate("pip_mobility_standard") }} as pip_mobility_standard
from rates
group by period_key
