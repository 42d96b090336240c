with

    cts_month as (select * from {{ ref("fct_cts_month") }}),

    district_months as (select * from {{ ref("int_cts__district_months") }}),

    budgets as (select * from {{ ref("stg_configuration__cts_budgets") }}),

    months_added as (
        select
            district_code,
            month,
            sum(household_count) as household_count,
            sum(accrued_gbp) as accrued_gbp,
            cast(sum(recognised_fytd_gbp) as decimal(18, 2)) as recognised_fytd_gbp,
            max(largest_household_gbp) as largest_household_gbp
        from cts_month
        group by district_code, month
    ),

    -- Only where every month since April is held: a year with a hole has no outturn either.
    months_of_whole_years as (
        select
            months_added.*,
            district_months.financial_year,
            {{ days_between("months_added.month", last_day_of("months_added.month")) }}
            + 1 as days_of_month,
            cast(
                cast(cast(substr(district_months.financial_year, 1, 4) as integer) + 1 as varchar)
                || '-03-31' as date
            ) as year_end
        from months_added
        inner join
            district_months
            on months_added.district_code = district_months.district_code
            and months_added.month = district_months.month
        where district_months.is_whole_year_to_date
    ),

    -- What is recognised so far, and each day that is left as a day of the last month accrued.
    forecasts as (
        select
            *,
            cast(
                round(
                    recognised_fytd_gbp
                    + accrued_gbp
                    * {{ days_between(last_day_of("month"), "year_end") }}
                    / days_of_month,
                    2
                ) as decimal(18, 2)
            ) as forecast_gbp,
            cast(
                round(largest_household_gbp * 366 / days_of_month, 2) as decimal(18, 2)
            ) as largest_forecast_gbp
        from months_of_whole_years
    ),

    outturns as (
        select district_code, financial_year, recognised_fytd_gbp as outturn_gbp
        from months_of_whole_years
        where extract(month from month) = 3
    )

select
    forecasts.district_code,
    forecasts.month,
    forecasts.financial_year,
    cast(forecasts.household_count as integer) as household_count,
    forecasts.recognised_fytd_gbp,
    forecasts.forecast_gbp,
    forecasts.largest_forecast_gbp,
    year_before.forecast_gbp as year_before_forecast_gbp,
    outturns.outturn_gbp as year_before_outturn_gbp,
    budgets.district_code is not null as has_budget,
    budgets.budget_pension_gbp,
    budgets.budget_working_gbp,
    cast(budgets.budget_pension_gbp + budgets.budget_working_gbp as decimal(18, 2)) as budget_gbp,
    budgets.budgeted_collection_ratio,
    budgets.budget_source,
    {{ build_id() }} as build_id
from forecasts
left join
    forecasts as year_before
    on forecasts.district_code = year_before.district_code
    and forecasts.month = cast(year_before.month + interval '12 months' as date)
left join
    outturns
    on year_before.district_code = outturns.district_code
    and year_before.financial_year = outturns.financial_year
left join
    budgets
    on forecasts.district_code = budgets.district_code
    and forecasts.financial_year = budgets.financial_year
