{% set tables = {
    "new_council_council_tax_month": {
        "account_count": "account_count",
        "overdue_account_count": "overdue_account_count",
        "overdue_household_count": "overdue_household_count",
        "overdue_gbp": "overdue_gbp",
    },
    "new_council_living_standards_month": {
        "household_count": "household_count",
        "known_count": "known_count",
        "in_crisis_count": "in_crisis_count",
        "at_risk_count": "at_risk_count",
        "struggling_count": "struggling_count",
        "coping_count": "coping_count",
        "shortfall_count": "shortfall_count",
        "shortfall_gbp": "shortfall_gbp",
    },
    "new_council_uc_month": {
        "household_count": "uc_household_count",
        "with_cts_count": "uc_with_cts_count",
    },
} %}
with

    council_months as (select * from {{ ref("fct_new_council_month") }}),

    {% for table, figures in tables.items() %}
        {{ table }}_exact as (
            select
                place_key,
                month,
                {% for figure, exact in figures.items() %}
                    sum({{ exact }}) as {{ figure }}{{ "," if not loop.last }}
                {% endfor %}
            from council_months
            where {{ figures.values() | first }} is not null
            group by place_key, month
        ),

        {{ table }} as (select * from {{ source("published", table) }}){{ "," if not loop.last }}
    {% endfor %}

{% for table, figures in tables.items() %}
    select '{{ table }}' as compared, exact.place_key, published.place_key as published_place_key
    from {{ table }}_exact as exact
    full outer join
        {{ table }} as published
        on exact.place_key = published.place_key
        and exact.month = published.month
    where
        exact.place_key is null or published.place_key is null
        {% for figure in figures %}
            or {{
                is_not_rounded_from(
                    "published." ~ figure,
                    "exact." ~ figure,
                    500 if figure.endswith("gbp") else 2,
                )
            }}
            or (published.{{ figure }} is null and published.{{ figure }}_mark is distinct from 'c')
        {% endfor %}
        {{ "union all" if not loop.last }}
{% endfor %}
