-- Age groups and their total together; the total stands without an age group.
{% set figures = {
    "caseload_count": "household_count",
    "recognised_gbp": "recognised_gbp",
    "weekly_award_gbp": "weekly_award_gbp",
} %}
with

    council_months as (select * from {{ ref("fct_new_council_cts_month") }}),

    exact as (
        select
            place_key,
            month,
            cts_age_group as age_group,
            {% for figure, column in figures.items() %}
                sum({{ column }}) as {{ figure }}{{ "," if not loop.last }}
            {% endfor %}
        from council_months
        group by place_key, month, cts_age_group
        union all
        select
            place_key,
            month,
            'all' as age_group,
            {% for figure, column in figures.items() %}
                sum({{ column }}) as {{ figure }}{{ "," if not loop.last }}
            {% endfor %}
        from council_months
        group by place_key, month
    ),

    published as (
        select
            place_key,
            month,
            age_group,
            {% for figure in figures %}
                {{ figure }}, {{ figure }}_mark{{ "," if not loop.last }}
            {% endfor %}
        from {{ source("published", "new_council_cts_age_month") }}
        union all
        select
            place_key,
            month,
            'all' as age_group,
            {% for figure in figures %}
                {{ figure }}, {{ figure }}_mark{{ "," if not loop.last }}
            {% endfor %}
        from {{ source("published", "new_council_cts_month") }}
    )

select exact.*, published.place_key as published_place_key
from exact
full outer join
    published
    on exact.place_key = published.place_key
    and exact.month = published.month
    and exact.age_group = published.age_group
where
    exact.place_key is null or published.place_key is null
    {% for figure in figures %}
        or {{
            is_not_rounded_from(
                "published." ~ figure, "exact." ~ figure, 500 if figure.endswith("gbp") else 2
            )
        }} or (published.{{ figure }} is null and published.{{ figure }}_mark is distinct from 'c')
    {% endfor %}
