-- The same households are counted in several tables, and each is protected by itself: a build in
-- which one shows what another hides goes no further.
{% set classes = [
    "household_count",
    "known_count",
    "in_crisis_count",
    "at_risk_count",
    "struggling_count",
    "coping_count",
] %}
with

    county_months as (select * from {{ source("published", "county_living_standards_month") }}),

    county_indices as (
        select *
        from {{ source("published", "county_living_standards_index_month") }}
        where scenario = 'base'
    ),

    county_flags as (select * from {{ source("published", "county_living_standards_flag_month") }}),

    district_months as (select * from {{ source("published", "district_living_standards_month") }}),

    district_indices as (
        select *
        from {{ source("published", "district_living_standards_index_month") }}
        where scenario = 'base'
    ),

    district_flags as (
        select * from {{ source("published", "district_living_standards_flag_month") }}
    ),

    supported as (select * from {{ source("published", "district_cts_month") }}),

    forecasts as (select * from {{ source("published", "district_cts_forecast_month") }})

select 'county index' as compared, county_months.month
from county_months
inner join county_indices on county_months.month = county_indices.month
where
    false
    {% for count in classes %}
        or county_months.{{ count }} is distinct from county_indices.{{ count }}
    {% endfor %}
union all
select 'district index' as compared, district_months.month
from district_months
inner join
    district_indices
    on district_months.district_code = district_indices.district_code
    and district_months.month = district_indices.month
where
    false
    {% for count in classes %}
        or district_months.{{ count }} is distinct from district_indices.{{ count }}
    {% endfor %}
union all
select 'county flags' as compared, county_months.month
from county_months
inner join county_flags on county_months.month = county_flags.month
where county_months.household_count is distinct from county_flags.household_count
union all
select 'district flags' as compared, district_months.month
from district_months
inner join
    district_flags
    on district_months.district_code = district_flags.district_code
    and district_months.month = district_flags.month
where district_months.household_count is distinct from district_flags.household_count
union all
select 'forecasts' as compared, supported.month
from supported
inner join
    forecasts
    on supported.district_code = forecasts.district_code
    and supported.month = forecasts.month
where supported.caseload_count is distinct from forecasts.household_count
