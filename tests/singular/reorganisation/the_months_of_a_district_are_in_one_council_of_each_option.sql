-- Overdue council tax, living standards and Universal Credit: every feed's figures once an option.
{% set standards = [
    "household_count",
    "known_count",
    "in_crisis_count",
    "at_risk_count",
    "struggling_count",
    "coping_count",
    "shortfall_count",
    "shortfall_gbp",
] %}
{% set overdue = [
    "account_count",
    "overdue_account_count",
    "overdue_household_count",
    "overdue_gbp",
    "largest_household_overdue_gbp",
] %}
with

    members as (select * from {{ ref("bridge_new_council_member") }}),

    places as (select * from {{ ref("dim_new_council") }}),

    overdue_months as (select * from {{ ref("fct_overdue_month") }}),

    uc_months as (select * from {{ ref("fct_uc_month") }}),

    area_months as (select * from {{ ref("fct_living_standards_month") }}),

    council_months as (select * from {{ ref("fct_new_council_month") }}),

    member_options as (
        select places.option_code, members.authority_code
        from members
        inner join places on members.place_key = places.place_key
    ),

    standards_added as (
        select
            district_code,
            month,
            {% for figure in standards %} sum({{ figure }}) as {{ figure }}, {% endfor %}
            max(largest_shortfall_gbp) as largest_shortfall_gbp
        from area_months
        group by district_code, month
    ),

    option_months as (
        select
            places.option_code,
            council_months.district_code,
            council_months.month,
            {% for figure in standards + overdue %}
                sum(council_months.{{ figure }}) as {{ figure }},
            {% endfor %}
            sum(council_months.largest_shortfall_gbp) as largest_shortfall_gbp,
            sum(council_months.uc_household_count) as uc_household_count,
            sum(council_months.uc_with_cts_count) as uc_with_cts_count
        from council_months
        inner join places on council_months.place_key = places.place_key
        group by places.option_code, council_months.district_code, council_months.month
    )

select 'overdue' as compared, member_options.option_code, overdue_months.month
from member_options
inner join overdue_months on member_options.authority_code = overdue_months.district_code
left join
    option_months
    on member_options.option_code = option_months.option_code
    and overdue_months.district_code = option_months.district_code
    and overdue_months.month = option_months.month
where
    false
    {% for figure in overdue %}
        or overdue_months.{{ figure }} is distinct from option_months.{{ figure }}
    {% endfor %}
union all
select 'living standards' as compared, member_options.option_code, standards_added.month
from member_options
inner join standards_added on member_options.authority_code = standards_added.district_code
left join
    option_months
    on member_options.option_code = option_months.option_code
    and standards_added.district_code = option_months.district_code
    and standards_added.month = option_months.month
where
    false
    {% for figure in standards + ["largest_shortfall_gbp"] %}
        or standards_added.{{ figure }} is distinct from option_months.{{ figure }}
    {% endfor %}
union all
select 'universal credit' as compared, member_options.option_code, uc_months.month
from member_options
inner join uc_months on member_options.authority_code = uc_months.district_code
left join
    option_months
    on member_options.option_code = option_months.option_code
    and uc_months.district_code = option_months.district_code
    and uc_months.month = option_months.month
where
    uc_months.household_count is distinct from option_months.uc_household_count
    or uc_months.cts_household_count is distinct from option_months.uc_with_cts_count
