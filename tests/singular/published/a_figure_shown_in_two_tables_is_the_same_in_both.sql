with

    district_months as (select * from {{ source("published", "district_cts_month") }}),

    district_ages as (select * from {{ source("published", "district_cts_age_month") }}),

    district_bearers as (select * from {{ source("published", "district_cts_bearer_month") }}),

    county_months as (select * from {{ source("published", "county_cts_month") }}),

    county_ages as (select * from {{ source("published", "county_cts_age_month") }}),

    county_bearers as (select * from {{ source("published", "county_cts_bearer_month") }}),

    district_forecasts as (select * from {{ source("published", "district_cts_forecast_month") }}),

    county_debts as (select * from {{ source("published", "county_household_debt_month") }}),

    county_stages as (select * from {{ source("published", "county_debt_stage_month") }}),

    county_debt_ages as (select * from {{ source("published", "county_debt_age_month") }}),

    council_months as (select * from {{ source("published", "new_council_cts_month") }}),

    council_bearers as (select * from {{ source("published", "new_council_cts_bearer_month") }})

select 'district ages' as compared, district_ages.district_code, district_ages.month
from district_ages
left join
    district_months
    on district_ages.district_code = district_months.district_code
    and district_ages.month = district_months.month
where
    district_ages.caseload_count is distinct from case
        when district_ages.age_group = 'pension'
        then district_months.pension_caseload_count
        else district_months.working_caseload_count
    end
union all
select 'county ages' as compared, 'county' as district_code, county_ages.month
from county_ages
left join county_months on county_ages.month = county_months.month
where
    county_ages.caseload_count is distinct from case
        when county_ages.age_group = 'pension'
        then county_months.pension_caseload_count
        else county_months.working_caseload_count
    end
union all
select 'district bearers' as compared, district_bearers.district_code, district_bearers.month
from district_bearers
left join
    district_months
    on district_bearers.district_code = district_months.district_code
    and district_bearers.month = district_months.month
where district_bearers.recognised_gbp is distinct from district_months.recognised_gbp
union all
select 'county bearers' as compared, 'county' as district_code, county_bearers.month
from county_bearers
left join county_months on county_bearers.month = county_months.month
where county_bearers.recognised_gbp is distinct from county_months.recognised_gbp
union all
select 'district forecasts' as compared, district_forecasts.district_code, district_forecasts.month
from district_forecasts
left join
    district_months
    on district_forecasts.district_code = district_months.district_code
    and district_forecasts.month = district_months.month
left join
    district_ages as pension
    on district_forecasts.district_code = pension.district_code
    and district_forecasts.month = pension.month
    and pension.age_group = 'pension'
left join
    district_ages as working
    on district_forecasts.district_code = working.district_code
    and district_forecasts.month = working.month
    and working.age_group = 'working'
where
    district_forecasts.forgone_to_date_gbp is distinct from district_months.recognised_fytd_gbp
    or district_forecasts.pension_to_date_gbp is distinct from pension.recognised_fytd_gbp
    or district_forecasts.working_to_date_gbp is distinct from working.recognised_fytd_gbp
union all
select 'county stages' as compared, 'county' as district_code, county_stages.month
from county_stages
left join
    county_debts
    on county_stages.month = county_debts.month
    and county_stages.debt_type = county_debts.debt_type
where county_stages.all_owed_gbp is distinct from county_debts.owed_gbp
union all
select 'county ages of debt' as compared, 'county' as district_code, county_debt_ages.month
from county_debt_ages
left join
    county_debts
    on county_debt_ages.month = county_debts.month
    and county_debt_ages.debt_type = county_debts.debt_type
where county_debt_ages.all_owed_gbp is distinct from county_debts.owed_gbp
union all
select 'bearers of a new council' as compared, council_bearers.place_key, council_bearers.month
from council_bearers
left join
    council_months
    on council_bearers.place_key = council_months.place_key
    and council_bearers.month = council_months.month
where council_bearers.recognised_gbp is distinct from council_months.recognised_gbp
