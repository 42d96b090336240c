-- Districts and county together; the county stands without a district.
{% set figures = {
    "council_tax_household_count": "council_tax_household_count",
    "council_tax_alone_count": "council_tax_alone_count",
    "rent_household_count": "rent_household_count",
    "rent_alone_count": "rent_alone_count",
    "both_count": "both_count",
    "both_council_tax_gbp": "both_council_tax_gbp",
    "both_rent_gbp": "both_rent_gbp",
} %}
with

    marts_of_districts as (select * from {{ ref("fct_debt_overlap_month") }}),

    marts as (
        select
            district_code,
            month,
            {% for figure, exact in figures.items() %}
                {{ exact }} as {{ figure }}{{ "," if not loop.last }}
            {% endfor %}
        from marts_of_districts
        union all
        select
            'county' as district_code,
            month,
            {% for figure, exact in figures.items() %}
                sum({{ exact }}) as {{ figure }}{{ "," if not loop.last }}
            {% endfor %}
        from marts_of_districts
        group by month
        having count(council_tax_household_count) > 0
    ),

    published as (
        select
            district_code,
            month,
            {% for figure in figures %}
                {{ figure }}, {{ figure }}_mark{{ "," if not loop.last }}
            {% endfor %}
        from {{ source("published", "district_debt_overlap_month") }}
        union all
        select
            'county' as district_code,
            month,
            {% for figure in figures %}
                {{ figure }}, {{ figure }}_mark{{ "," if not loop.last }}
            {% endfor %}
        from {{ source("published", "county_debt_overlap_month") }}
    )

select marts.*, published.district_code as published_district_code
from marts
full outer join
    published on marts.district_code = published.district_code and marts.month = published.month
where
    marts.district_code is null or published.district_code is null
    {% for figure in figures %}
        {% set tolerance = 500 if figure.endswith("_gbp") else 2 %}
        or {{ is_not_rounded_from("published." ~ figure, "marts." ~ figure, tolerance) }}
        or (
            published.{{ figure }} is null
            and marts.{{ figure }} is not null
            and published.{{ figure }}_mark is distinct from 'c'
        )
    {% endfor %}
