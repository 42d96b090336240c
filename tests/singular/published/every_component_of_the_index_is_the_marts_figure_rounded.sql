-- Areas of each scenario added up; the county stands without a district.
{% set figures = {
    "household_count": "household_count",
    "known_count": "in_crisis_count + at_risk_count + struggling_count + coping_count",
    "in_crisis_count": "in_crisis_count",
    "at_risk_count": "at_risk_count",
    "struggling_count": "struggling_count",
    "coping_count": "coping_count",
} %}
with

    area_months as (select * from {{ ref("fct_living_standards_scenario_month") }}),

    marts as (
        select
            district_code,
            month,
            scenario,
            {% for figure, exact in figures.items() %}
                sum({{ exact }}) as {{ figure }}{{ "," if not loop.last }}
            {% endfor %}
        from area_months
        group by district_code, month, scenario
        union all
        select
            'county' as district_code,
            month,
            scenario,
            {% for figure, exact in figures.items() %}
                sum({{ exact }}) as {{ figure }}{{ "," if not loop.last }}
            {% endfor %}
        from area_months
        group by month, scenario
    ),

    published as (
        select
            district_code,
            month,
            scenario,
            {% for figure in figures %}
                {{ figure }}, {{ figure }}_mark{{ "," if not loop.last }}
            {% endfor %}
        from {{ source("published", "district_living_standards_index_month") }}
        union all
        select
            'county' as district_code,
            month,
            scenario,
            {% for figure in figures %}
                {{ figure }}, {{ figure }}_mark{{ "," if not loop.last }}
            {% endfor %}
        from {{ source("published", "county_living_standards_index_month") }}
    )

select marts.*, published.district_code as published_district_code
from marts
full outer join
    published
    on marts.district_code = published.district_code
    and marts.month = published.month
    and marts.scenario = published.scenario
where
    marts.district_code is null or published.district_code is null
    {% for figure in figures %}
        or {{ is_not_rounded_from("published." ~ figure, "marts." ~ figure, 2) }}
        or (published.{{ figure }} is null and published.{{ figure }}_mark is distinct from 'c')
    {% endfor %}
