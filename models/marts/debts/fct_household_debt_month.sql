{% set reasons = {
    "cannot_pay": ["in_crisis", "at_risk"],
    "in_crisis": ["in_crisis"],
    "at_risk": ["at_risk"],
    "will_not_pay": ["margin_covers"],
    "cannot_tell": ["margin_too_small", "margin_unknown", "not_looked_at", "protected"],
    "margin_too_small": ["margin_too_small"],
    "margin_unknown": ["margin_unknown"],
    "not_looked_at": ["not_looked_at"],
    "protected": ["protected"],
} %}
{% set abilities = ["cannot_pay", "will_not_pay", "cannot_tell"] %}

with

    overdue_months as (select * from {{ ref("fct_overdue_month") }}),

    rent_months as (select * from {{ ref("fct_rent_month") }}),

    household_debts as (select * from {{ ref("fct_household_debts") }}),

    debt_stages as (select * from {{ ref("fct_debt_stage_month") }}),

    district_months as (
        select districts.district_code, overdue_months.month
        from {{ ref("dim_district") }} as districts
        cross join overdue_months
        where districts.is_warehouse_district
        group by districts.district_code, overdue_months.month
    ),

    -- A district that has not sent a month has a row without figures, so that a county's figure can
    -- say how many are in it.
    council_tax_months as (
        select
            district_months.district_code,
            district_months.month,
            'council_tax' as debt_type,
            true as is_applicable,
            overdue_months.district_code is not null as is_held,
            overdue_months.account_count,
            overdue_months.overdue_account_count as owing_account_count,
            overdue_months.overdue_gbp as owed_gbp,
            overdue_months.largest_household_overdue_gbp as largest_owed_gbp
        from district_months
        left join
            overdue_months
            on district_months.district_code = overdue_months.district_code
            and district_months.month = overdue_months.month
    ),

    debt_months as (
        select *
        from council_tax_months
        union all
        select
            district_code,
            month,
            'rent' as debt_type,
            has_council_homes as is_applicable,
            is_held,
            account_count,
            arrears_account_count as owing_account_count,
            arrears_gbp as owed_gbp,
            largest_arrears_gbp as largest_owed_gbp
        from rent_months
    ),

    debts_counted as (
        select district_code, month, debt_type, sum(debt_count) as debt_count
        from debt_stages
        group by district_code, month, debt_type
    ),

    households_counted as (
        select
            district_code,
            month,
            debt_type,
            {% for group, held in reasons.items() %}
                sum(
                    case when ability_reason in ('{{ held | join("', '") }}') then 1 else 0 end
                ) as {{ group }}_count,
            {% endfor %}
            {% for ability in abilities %}
                sum(
                    case when ability_to_pay = '{{ ability }}' then owed_gbp else 0 end
                ) as {{ ability }}_gbp,
                max(
                    case when ability_to_pay = '{{ ability }}' then owed_gbp else 0 end
                ) as largest_{{ ability }}_gbp,
            {% endfor %}
            sum(case when ability_reason is null then 0 else 1 end) as household_count,
            sum(case when ability_reason is null then 1 else 0 end) as unlinked_account_count,
            sum(case when ability_reason is null then owed_gbp else 0 end) as unlinked_gbp,
            max(case when ability_reason is null then owed_gbp else 0 end) as largest_unlinked_gbp
        from household_debts
        group by district_code, month, debt_type
    )

-- A district that sent the month and where nobody owes has noughts.
select
    debt_months.district_code,
    debt_months.month,
    debt_months.debt_type,
    debt_months.is_applicable,
    debt_months.is_held,
    debt_months.account_count,
    debt_months.owing_account_count,
    cast(
        case when debt_months.is_held then coalesce(debts_counted.debt_count, 0) end as integer
    ) as debt_count,
    debt_months.owed_gbp,
    debt_months.largest_owed_gbp,
    {% for group in ["household"] + reasons | list + ["unlinked_account"] %}
        cast(
            case
                when debt_months.is_held then coalesce(households_counted.{{ group }}_count, 0)
            end as integer
        ) as {{ group }}_count,
    {% endfor %}
    {% for group in abilities + ["unlinked"] %}
        {% for pounds in [group ~ "_gbp", "largest_" ~ group ~ "_gbp"] %}
            cast(
                case
                    when debt_months.is_held then coalesce(households_counted.{{ pounds }}, 0)
                end as decimal(18, 2)
            ) as {{ pounds }},
        {% endfor %}
    {% endfor %}
    {{ build_id() }} as build_id
from debt_months
left join
    households_counted
    on debt_months.district_code = households_counted.district_code
    and debt_months.month = households_counted.month
    and debt_months.debt_type = households_counted.debt_type
left join
    debts_counted
    on debt_months.district_code = debts_counted.district_code
    and debt_months.month = debts_counted.month
    and debt_months.debt_type = debts_counted.debt_type
