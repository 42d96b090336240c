{{ config(materialized="view") }}

with rates as (select * from {{ ref("int_entitlement_period_rates") }})

select
    period_key,
    {{ rate("pc_guarantee_single") }} as guarantee_single,
    {{ rate("pc_guarantee_couple") }} as guarantee_couple,
    {{ rate("pc_severe_disability") }} as severe_disability,
    {{ rate("pc_carer") }} as carer,
    {{ rate("pc_child") }} as child,
    {{ rate("pc_child_first_born_before_2017_04_06") }} as child_first_born_before_2017_04_06,
    {{ rate("pc_disabled_child_lower") }} as disabled_child_lower,
    {{ rate("pc_disabled_child_higher") }} as disabled_child_higher,
    {{ rate("pc_savings_threshold_single") }} as savings_threshold_single,
    {{ rate("pc_savings_threshold_couple") }} as savings_threshold_couple,
    {{ rate("pc_savings_share") }} as savings_share,
    {{ rate("pc_savings_withdrawn") }} as savings_withdrawn,
    {{ rate("pc_capital_disregarded") }} as capital_disregarded,
    {{ rate("pc_capital_step") }} as capital_step,
    {{ rate("pc_capital_income_per_step") }} as capital_income_per_step,
    {{ rate("pc_earnings_disregarded_single") }} as earnings_disregarded_single,
    {{ rate("pc_earnings_disregarded_couple") }} as earnings_disregarded_couple,
    {{ rate("pc_earnings_disregarded_disabled_or_carer") }} as earnings_disregarded_special
from rates
group by period_key
