-- From the groups of support again: a forecast is never below what is recognised, nor above the
-- year if every day were as the month.
with

    forecasts as (select * from {{ ref("fct_cts_forecast") }}),

    months as (
        select
            district_code,
            month,
            sum(recognised_fytd_gbp) as recognised_fytd_gbp,
            sum(household_count) as household_count,
            sum(accrued_gbp) as accrued_gbp,
            max(largest_household_gbp) as largest_household_gbp
        from {{ ref("fct_cts_month") }}
        group by district_code, month
        having count(recognised_fytd_gbp) = count(*)
    )

select months.*, forecasts.forecast_gbp
from months
full outer join
    forecasts on months.district_code = forecasts.district_code and months.month = forecasts.month
left join
    forecasts as year_before
    on forecasts.district_code = year_before.district_code
    and forecasts.month = cast(year_before.month + interval '12 months' as date)
left join
    forecasts as its_march
    on year_before.district_code = its_march.district_code
    and year_before.financial_year = its_march.financial_year
    and extract(month from its_march.month) = 3
where
    months.district_code is null
    or forecasts.district_code is null
    or months.household_count <> forecasts.household_count
    or months.recognised_fytd_gbp <> forecasts.recognised_fytd_gbp
    or forecasts.forecast_gbp < months.recognised_fytd_gbp
    or forecasts.forecast_gbp > months.recognised_fytd_gbp + 12 * months.accrued_gbp
    or forecasts.largest_forecast_gbp not between months.largest_household_gbp * 11
    and months.largest_household_gbp * 14
    or forecasts.year_before_forecast_gbp is distinct from year_before.forecast_gbp
    or forecasts.year_before_outturn_gbp is distinct from its_march.recognised_fytd_gbp
