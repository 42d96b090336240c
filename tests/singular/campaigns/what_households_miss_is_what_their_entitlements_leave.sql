-- To the rounding of a week's pounds; the positions repeat the gaps of their households.
{% set benefits = {
    "pc": "pension_credit",
    "cts": "council_tax_support",
    "hb": "housing_benefit",
    "uc": "universal_credit",
    "ctd": "council_tax_discount",
} %}
with

    gaps as (select * from {{ ref("fct_household_gaps") }}),

    positions as (select * from {{ ref("fct_household_position") }}),

    entitlements as (select * from {{ ref("fct_entitlements") }}),

    last_months as (
        select district_code, max(month) as month from entitlements group by district_code
    ),

    left_over as (
        select entitlements.*
        from entitlements
        inner join
            last_months
            on entitlements.district_code = last_months.district_code
            and entitlements.month = last_months.month
        where entitlements.reason_code in ('unclaimed', 'less_in_payment')
    ),

    expected as (
        select
            household_key,
            {% for benefit, name in benefits.items() %}
                sum(
                    case when benefit_code = '{{ benefit }}' then gap_gbp else 0 end
                ) as {{ name }}_gbp{{ "," if not loop.last }}
            {% endfor %}
        from left_over
        group by household_key
    )

select gaps.household_key
from gaps
left join expected on gaps.household_key = expected.household_key
where
    {% for name in benefits.values() %}
        abs(gaps.{{ name }}_gap_weekly_gbp * 52 - coalesce(expected.{{ name }}_gbp, 0) * 12)
        > 0.27 {{ "or" if not loop.last }}
    {% endfor %}
union all
select positions.household_key
from positions
left join gaps on positions.household_key = gaps.household_key
where
    {% for name in benefits.values() %}
        positions.{{ name }}_gap_weekly_gbp <> coalesce(gaps.{{ name }}_gap_weekly_gbp, 0)
        {{ "or" if not loop.last }}
    {% endfor %}
