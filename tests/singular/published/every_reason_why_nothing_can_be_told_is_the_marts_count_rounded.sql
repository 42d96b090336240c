{% set reasons = [
    "margin_too_small_count",
    "margin_unknown_count",
    "not_looked_at_count",
    "protected_count",
] %}
with

    marts as (
        select
            month,
            debt_type,
            {% for reason in reasons %}
                sum({{ reason }}) as {{ reason }}{{ "," if not loop.last }}
            {% endfor %}
        from {{ ref("fct_household_debt_month") }}
        group by month, debt_type
        having count(account_count) > 0
    ),

    published as (select * from {{ source("published", "county_household_debt_month") }})

select marts.*, published.month as published_month
from marts
full outer join published on marts.month = published.month and marts.debt_type = published.debt_type
where
    marts.month is null or published.month is null
    {% for reason in reasons %}
        or {{ is_not_rounded_from("published." ~ reason, "marts." ~ reason, 2) }}
        or (published.{{ reason }} is null and published.{{ reason }}_mark is distinct from 'c')
    {% endfor %}
