-- Districts and county together; the county stands without a district, and has no row where no
-- district has sent such debt. A district without council homes shows z, one that has not sent x.
{% set figures = {
    "account_count": "account_count",
    "owing_account_count": "owing_account_count",
    "debt_count": "debt_count",
    "owed_gbp": "owed_gbp",
    "household_count": "household_count",
    "household_owed_gbp": "cannot_pay_gbp + will_not_pay_gbp + cannot_tell_gbp",
    "cannot_pay_count": "cannot_pay_count",
    "in_crisis_count": "in_crisis_count",
    "at_risk_count": "at_risk_count",
    "will_not_pay_count": "will_not_pay_count",
    "cannot_tell_count": "cannot_tell_count",
    "cannot_pay_gbp": "cannot_pay_gbp",
    "will_not_pay_gbp": "will_not_pay_gbp",
    "cannot_tell_gbp": "cannot_tell_gbp",
    "unlinked_account_count": "unlinked_account_count",
    "unlinked_gbp": "unlinked_gbp",
} %}
with

    marts_of_districts as (select * from {{ ref("fct_household_debt_month") }}),

    marts as (
        select
            district_code,
            month,
            debt_type,
            case when not is_applicable then 'z' when not is_held then 'x' end as why_empty,
            {% for figure, exact in figures.items() %}
                {{ exact }} as {{ figure }}{{ "," if not loop.last }}
            {% endfor %}
        from marts_of_districts
        union all
        select
            'county' as district_code,
            month,
            debt_type,
            null as why_empty,
            {% for figure, exact in figures.items() %}
                sum({{ exact }}) as {{ figure }}{{ "," if not loop.last }}
            {% endfor %}
        from marts_of_districts
        group by month, debt_type
        having count(account_count) > 0
    ),

    published as (
        select
            district_code,
            month,
            debt_type,
            {% for figure in figures %}
                {{ figure }}, {{ figure }}_mark{{ "," if not loop.last }}
            {% endfor %}
        from {{ source("published", "district_household_debt_month") }}
        union all
        select
            'county' as district_code,
            month,
            debt_type,
            {% for figure in figures %}
                {{ figure }}, {{ figure }}_mark{{ "," if not loop.last }}
            {% endfor %}
        from {{ source("published", "county_household_debt_month") }}
    )

select marts.*, published.district_code as published_district_code
from marts
full outer join
    published
    on marts.district_code = published.district_code
    and marts.month = published.month
    and marts.debt_type = published.debt_type
where
    marts.district_code is null or published.district_code is null
    {% for figure in figures %}
        {% set tolerance = 500 if figure.endswith("_gbp") else 2 %}
        or {{ is_not_rounded_from("published." ~ figure, "marts." ~ figure, tolerance) }}
        or (
            published.{{ figure }} is null
            and published.{{ figure }}_mark is distinct from coalesce(marts.why_empty, 'c')
        )
    {% endfor %}
