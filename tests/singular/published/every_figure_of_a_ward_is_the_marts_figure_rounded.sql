{% set tables = {
    "ward_cts_month": ["fct_ward_cts_month", none, {"caseload_count": "household_count"}],
    "ward_cts_age_month": [
        "fct_ward_cts_month",
        ["age_group", "cts_age_group"],
        {"caseload_count": "household_count"},
    ],
    "ward_living_standards_month": [
        "fct_ward_month",
        none,
        {
            "household_count": "household_count",
            "known_count": "known_count",
            "in_crisis_count": "in_crisis_count",
            "at_risk_count": "at_risk_count",
            "struggling_count": "struggling_count",
            "coping_count": "coping_count",
            "shortfall_count": "shortfall_count",
            "shortfall_gbp": "shortfall_gbp",
        },
    ],
    "ward_council_tax_month": [
        "fct_ward_month",
        none,
        {
            "overdue_household_count": "overdue_household_count",
            "overdue_gbp": "overdue_gbp",
        },
    ],
    "ward_entitlement_month": [
        "fct_ward_entitlement_month",
        ["benefit_code", "benefit_code"],
        {
            "compared_count": "compared_count",
            "claiming_count": "claiming_count",
            "unclaimed_count": "unclaimed_count",
            "unclaimed_gbp": "unclaimed_gbp",
        },
    ],
} %}
with

    fct_ward_cts_month as (select * from {{ ref("fct_ward_cts_month") }}),

    fct_ward_month as (select * from {{ ref("fct_ward_month") }}),

    fct_ward_entitlement_month as (select * from {{ ref("fct_ward_entitlement_month") }}),

    {% for table, (mart, key, figures) in tables.items() %}
        {{ table }} as (
            select
                ward_key,
                month,
                {{ key[1] if key else "'all'" }} as part_key,
                {% for figure, exact in figures.items() %}
                    sum({{ exact }}) as {{ figure }}{{ "," if not loop.last }}
                {% endfor %}
            from {{ mart }}
            where {{ figures.values() | last }} is not null
            group by ward_key, month{{ ", " ~ key[1] if key }}
        ),

        {{ table }}_published as (
            select *, {{ key[0] if key else "'all'" }} as part_key
            from {{ source("published", table) }}
        )
        {{- "," if not loop.last }}
    {% endfor %}

{% for table, (mart, key, figures) in tables.items() %}
    select '{{ table }}' as compared, exact.ward_key, published.ward_key as published_ward_key
    from {{ table }} as exact
    full outer join
        {{ table }}_published as published
        on exact.ward_key = published.ward_key
        and exact.month = published.month
        and exact.part_key = published.part_key
    where
        exact.ward_key is null or published.ward_key is null
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
