-- Options, parts of traits and bearers, each with its own figures.
{% set tables = {
    "scheme_proposal_option": {
        "mart": "fct_scheme_proposal",
        "keys": [],
        "figures": [
            "household_count",
            "compared_count",
            "awarded_count",
            "gainer_count",
            "loser_count",
            "unchanged_count",
            "cost_gbp",
            "base_cost_gbp",
            "change_gbp",
        ],
    },
    "scheme_proposal_part": {
        "mart": "fct_scheme_proposal_group",
        "keys": ["trait", "part"],
        "figures": ["compared_count", "gainer_count", "loser_count", "change_gbp"],
    },
    "scheme_proposal_bearer": {
        "mart": "fct_scheme_proposal_bearer",
        "keys": ["bearer"],
        "figures": ["cost_gbp", "change_gbp"],
    },
} %}
with

    {% for table, told in tables.items() %}
        {{ table }}_exact as (select * from {{ ref(told["mart"]) }}),

        {{ table }}_shown as (
            select * from {{ source("published", table) }}
        ){{ "," if not loop.last }}
    {% endfor %}

{% for table, told in tables.items() %}
    select '{{ table }}' as published_table, exact.proposal_key, exact.option_key
    from {{ table }}_exact as exact
    full outer join
        {{ table }}_shown as shown
        on exact.district_code = shown.district_code
        and exact.proposal_key = shown.proposal_key
        and exact.option_key = shown.option_key
        {% for key in told["keys"] %} and exact.{{ key }} = shown.{{ key }} {% endfor %}
    where
        exact.proposal_key is null or shown.proposal_key is null
        {% for figure in told["figures"] %}
            or {{
                is_not_rounded_from(
                    "shown." ~ figure, "exact." ~ figure, 500 if figure.endswith("gbp") else 2
                )
            }} or (shown.{{ figure }} is null and shown.{{ figure }}_mark is distinct from 'c')
        {% endfor %}
        {{ "union all" if not loop.last }}
{% endfor %}
