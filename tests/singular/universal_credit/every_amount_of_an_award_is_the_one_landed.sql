-- Each column of pounds, added by district and month: no element may go missing between landing and
-- the fact, nor from the awards to the deductions beside them.
{% set amounts = [
    "standard_allowance_gbp",
    "child_element_gbp",
    "disabled_child_element_gbp",
    "health_element_gbp",
    "carer_element_gbp",
    "childcare_element_gbp",
    "housing_element_gbp",
    "earnings_gbp",
    "earnings_deduction_gbp",
    "other_income_deduction_gbp",
    "capital_gbp",
    "benefit_cap_reduction_gbp",
    "award_gbp",
    "deductions_gbp",
    "net_award_gbp",
] %}

with

    landed_awards as (select * from {{ ref("stg_universal_credit__awards") }}),

    landed_deductions as (select * from {{ ref("stg_universal_credit__deductions") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    awards as (select * from {{ ref("fct_uc_awards") }}),

    deductions as (select * from {{ ref("fct_uc_deductions") }}),

    landed_added as (
        select
            landed_awards.district_code,
            landed_awards.month,
            {% for amount in amounts %}
                sum(landed_awards.{{ amount }}) as {{ amount }}{{ "," if not loop.last }}
            {% endfor %}
        from landed_awards
        inner join extract_in_force on landed_awards.extract_id = extract_in_force.extract_id
        group by landed_awards.district_code, landed_awards.month
    ),

    awards_added as (
        select
            district_code,
            month,
            {% for amount in amounts %}
                sum({{ amount }}) as {{ amount }}{{ "," if not loop.last }}
            {% endfor %}
        from awards
        group by district_code, month
    ),

    landed_deductions_added as (
        select
            landed_deductions.district_code,
            landed_deductions.month,
            landed_deductions.deduction_reason,
            sum(landed_deductions.deduction_gbp) as deduction_gbp,
            sum(landed_awards.standard_allowance_gbp) as standard_allowance_gbp
        from landed_deductions
        inner join extract_in_force on landed_deductions.extract_id = extract_in_force.extract_id
        left join
            landed_awards
            on landed_deductions.extract_id = landed_awards.extract_id
            and landed_deductions.uc_key = landed_awards.uc_key
            and landed_deductions.period_start = landed_awards.period_start
        group by
            landed_deductions.district_code,
            landed_deductions.month,
            landed_deductions.deduction_reason
    ),

    deductions_added as (
        select
            district_code,
            month,
            deduction_reason,
            sum(deduction_gbp) as deduction_gbp,
            sum(standard_allowance_gbp) as standard_allowance_gbp
        from deductions
        group by district_code, month, deduction_reason
    )

select landed_added.district_code, landed_added.month, 'award' as what
from landed_added
full outer join
    awards_added
    on landed_added.district_code = awards_added.district_code
    and landed_added.month = awards_added.month
where
    {% for amount in amounts %}
        landed_added.{{ amount }} is distinct from awards_added.{{ amount }}
        {{ "or" if not loop.last }}
    {% endfor %}
union all
select landed_deductions_added.district_code, landed_deductions_added.month, 'deduction' as what
from landed_deductions_added
full outer join
    deductions_added
    on landed_deductions_added.district_code = deductions_added.district_code
    and landed_deductions_added.month = deductions_added.month
    and landed_deductions_added.deduction_reason = deductions_added.deduction_reason
where
    landed_deductions_added.deduction_gbp is distinct from deductions_added.deduction_gbp
    or landed_deductions_added.standard_allowance_gbp
    is distinct from deductions_added.standard_allowance_gbp
