{% set figures = [
    "household_count",
    "known_count",
    "in_crisis_count",
    "at_risk_count",
    "struggling_count",
    "coping_count",
    "shortfall_count",
    "shortfall_gbp",
    "known_vulnerable_count",
    "newly_hit_count",
] %}
with

    area_months as (select * from {{ ref("fct_living_standards_month") }}),

    areas as (select * from {{ ref("dim_area") }}),

    -- The class of an area from the look-up itself, so that one put into another class shows.
    marts as (
        select
            area_months.month,
            coalesce(areas.rural_urban_class, 'unknown') as rural_urban_class,
            {% for figure in figures %}
                sum(area_months.{{ figure }}) as {{ figure }}{{ "," if not loop.last }}
            {% endfor %}
        from area_months
        left join areas on area_months.lsoa_code = areas.lsoa_code
        group by area_months.month, coalesce(areas.rural_urban_class, 'unknown')
    ),

    published as (select * from {{ source("published", "county_living_standards_rural_month") }})

select marts.*, published.rural_urban_label
from marts
full outer join
    published
    on marts.month = published.month
    and marts.rural_urban_class = published.rural_urban_class
where
    marts.month is null or published.month is null or published.rural_urban_label is null
    {% for figure in figures %}
        {% set half_step = 500 if figure.endswith("_gbp") else 2 %}
        or {{ is_not_rounded_from("published." ~ figure, "marts." ~ figure, half_step) }}
        or (
            published.{{ figure }} is null
            and published.{{ figure }}_mark
            is distinct from case when marts.{{ figure }} is null then 'x' else 'c' end
        )
    {% endfor %}
