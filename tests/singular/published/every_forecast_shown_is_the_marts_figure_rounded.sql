-- Districts and county together. A year before that is not held is [x].
{% set figures = ["forecast_gbp", "year_before_forecast_gbp", "year_before_outturn_gbp"] %}
with

    forecasts as (select * from {{ ref("fct_cts_forecast") }}),

    marts as (
        select
            district_code,
            month,
            household_count,
            forecast_gbp,
            year_before_forecast_gbp,
            year_before_outturn_gbp
        from forecasts
        union all
        select
            'county' as district_code,
            month,
            sum(household_count) as household_count,
            sum(forecast_gbp) as forecast_gbp,
            sum(year_before_forecast_gbp) as year_before_forecast_gbp,
            sum(year_before_outturn_gbp) as year_before_outturn_gbp
        from forecasts
        group by month
    ),

    published as (
        select
            district_code,
            month,
            household_count,
            household_count_mark,
            forecast_gbp,
            forecast_gbp_mark,
            year_before_forecast_gbp,
            year_before_forecast_gbp_mark,
            year_before_outturn_gbp,
            year_before_outturn_gbp_mark
        from {{ source("published", "district_cts_forecast_month") }}
        union all
        select
            'county' as district_code,
            month,
            household_count,
            household_count_mark,
            forecast_gbp,
            forecast_gbp_mark,
            year_before_forecast_gbp,
            year_before_forecast_gbp_mark,
            year_before_outturn_gbp,
            year_before_outturn_gbp_mark
        from {{ source("published", "county_cts_forecast_month") }}
    )

select marts.*, published.district_code as published_district_code
from marts
full outer join
    published on marts.district_code = published.district_code and marts.month = published.month
where
    marts.district_code is null
    or published.district_code is null
    or {{ is_not_rounded_from("published.household_count", "marts.household_count", 2) }}
    or (published.household_count is null and published.household_count_mark is distinct from 'c')
    {% for figure in figures %}
        or {{ is_not_rounded_from("published." ~ figure, "marts." ~ figure, 500) }}
        or (
            published.{{ figure }} is null
            and published.{{ figure }}_mark
            is distinct from case when marts.{{ figure }} is null then 'x' else 'c' end
        )
    {% endfor %}
