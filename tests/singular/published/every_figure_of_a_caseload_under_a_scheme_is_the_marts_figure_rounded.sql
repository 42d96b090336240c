-- Districts and county together; the county stands without a district.
{% set figures = {
    "household_count": "household_count",
    "compared_count": "compared_count",
    "awarded_count": "awarded_count",
    "gainer_count": "gainer_count",
    "loser_count": "loser_count",
    "cost_gbp": "cost_gbp",
    "in_payment_gbp": "in_payment_gbp",
} %}
with

    scheme_caseloads as (select * from {{ ref("fct_scheme_caseload") }}),

    exact as (
        select
            district_code,
            scheme_key,
            {% for figure, column in figures.items() %}
                sum({{ column }}) as {{ figure }}{{ "," if not loop.last }}
            {% endfor %}
        from scheme_caseloads
        group by district_code, scheme_key
        union all
        select
            'county' as district_code,
            scheme_key,
            {% for figure, column in figures.items() %}
                sum({{ column }}) as {{ figure }}{{ "," if not loop.last }}
            {% endfor %}
        from scheme_caseloads
        group by scheme_key
    ),

    published as (
        select
            district_code,
            scheme_key,
            {% for figure in figures %}
                {{ figure }}, {{ figure }}_mark{{ "," if not loop.last }}
            {% endfor %}
        from {{ source("published", "district_scheme_caseload") }}
        union all
        select
            'county' as district_code,
            scheme_key,
            {% for figure in figures %}
                {{ figure }}, {{ figure }}_mark{{ "," if not loop.last }}
            {% endfor %}
        from {{ source("published", "county_scheme_caseload") }}
    )

select exact.*, published.scheme_key as published_scheme_key
from exact
full outer join
    published
    on exact.district_code = published.district_code
    and exact.scheme_key = published.scheme_key
where
    exact.scheme_key is null or published.scheme_key is null
    {% for figure in figures %}
        or {{
            is_not_rounded_from(
                "published." ~ figure, "exact." ~ figure, 500 if figure.endswith("gbp") else 2
            )
        }} or (published.{{ figure }} is null and published.{{ figure }}_mark is distinct from 'c')
    {% endfor %}
