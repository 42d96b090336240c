-- Districts, and the county apart for those that gave a budget and those that did not. A budget is
-- the district's own word and shown to the pound; without one it is x, and nothing is taken for it.
{% set budgets = ["budget_gbp", "budget_pension_gbp", "budget_working_gbp"] %}
with

    forecasts as (select * from {{ ref("fct_cts_forecast") }}),

    marts as (
        select
            district_code,
            month,
            has_budget,
            1 as district_count,
            forecast_gbp,
            {% for budget in budgets %} {{ budget }}, {% endfor %}
            budgeted_collection_ratio
        from forecasts
        union all
        select
            'county' as district_code,
            month,
            has_budget,
            count(*) as district_count,
            sum(forecast_gbp) as forecast_gbp,
            {% for budget in budgets %} sum({{ budget }}) as {{ budget }}, {% endfor %}
            null as budgeted_collection_ratio
        from forecasts
        group by month, has_budget
    ),

    published as (
        select
            district_code,
            month,
            gave_budget,
            1 as district_count,
            forecast_gbp,
            {% for budget in budgets %} {{ budget }}, {{ budget }}_mark, {% endfor %}
            budgeted_collection_ratio
        from {{ source("published", "district_cts_forecast_month") }}
        union all
        select
            'county' as district_code,
            month,
            gave_budget,
            districts_included_count as district_count,
            forecast_gbp,
            {% for budget in budgets %} {{ budget }}, {{ budget }}_mark, {% endfor %}
            null as budgeted_collection_ratio
        from {{ source("published", "county_cts_budget_month") }}
    )

select marts.*, published.district_code as published_district_code
from marts
full outer join
    published
    on marts.district_code = published.district_code
    and marts.month = published.month
    and marts.has_budget = published.gave_budget
where
    marts.district_code is null
    or published.district_code is null
    or marts.district_count <> published.district_count
    or {{ is_not_rounded_from("published.forecast_gbp", "marts.forecast_gbp", 500) }}
    or coalesce(
        abs(published.budgeted_collection_ratio - marts.budgeted_collection_ratio) > 0.0001, false
    )
    or (published.budgeted_collection_ratio is null) <> (marts.budgeted_collection_ratio is null)
    {% for budget in budgets %}
        or (published.{{ budget }} is null) <> (marts.{{ budget }} is null)
        or coalesce(abs(published.{{ budget }} - marts.{{ budget }}) > 0.5, false)
        or (published.{{ budget }} is null and published.{{ budget }}_mark is distinct from 'x')
    {% endfor %}
