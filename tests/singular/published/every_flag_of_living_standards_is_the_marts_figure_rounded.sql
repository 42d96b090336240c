-- Districts and county together; the county stands without a district.
{% set figures = {
    "household_count": "household_count",
    "income_told_count": "income_told_count",
    "fuel_stressed_count": "fuel_stressed_count",
    "short_of_food_count": "short_of_food_count",
    "water_told_count": "water_told_count",
    "water_over_lower_count": "water_over_lower_count",
    "water_over_higher_count": "water_over_higher_count",
    "lha_told_count": "lha_told_count",
    "rent_over_lha_count": "rent_over_lha_count",
    "cap_told_count": "cap_told_count",
    "benefit_capped_count": "benefit_capped_count",
    "deductions_told_count": "deductions_told_count",
    "over_deductions_cap_count": "over_deductions_cap_count",
    "arrears_told_count": "arrears_told_count",
    "in_arrears_count": "arrears_count",
} %}
with

    area_months as (select * from {{ ref("fct_living_standards_month") }}),

    marts as (
        select
            district_code,
            month,
            {% for figure, exact in figures.items() %}
                sum({{ exact }}) as {{ figure }}{{ "," if not loop.last }}
            {% endfor %}
        from area_months
        group by district_code, month
        union all
        select
            'county' as district_code,
            month,
            {% for figure, exact in figures.items() %}
                sum({{ exact }}) as {{ figure }}{{ "," if not loop.last }}
            {% endfor %}
        from area_months
        group by month
    ),

    published as (
        select
            district_code,
            month,
            {% for figure in figures %}
                {{ figure }}, {{ figure }}_mark{{ "," if not loop.last }}
            {% endfor %}
        from {{ source("published", "district_living_standards_flag_month") }}
        union all
        select
            'county' as district_code,
            month,
            {% for figure in figures %}
                {{ figure }}, {{ figure }}_mark{{ "," if not loop.last }}
            {% endfor %}
        from {{ source("published", "county_living_standards_flag_month") }}
    )

select marts.*, published.district_code as published_district_code
from marts
full outer join
    published on marts.district_code = published.district_code and marts.month = published.month
where
    marts.district_code is null or published.district_code is null
    {% for figure in figures %}
        or {{ is_not_rounded_from("published." ~ figure, "marts." ~ figure, 2) }}
        or (published.{{ figure }} is null and published.{{ figure }}_mark is distinct from 'c')
    {% endfor %}
