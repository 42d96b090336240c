{{ config(materialized="view") }}

with rates as (select * from {{ ref("int_entitlement_period_rates") }})

select
    period_key,
    {{ rate("tax_personal_allowance") }} as personal_allowance,
    {{ rate("tax_allowance_withdrawal_from") }} as allowance_withdrawal_from,
    {{ rate("tax_allowance_withdrawal") }} as allowance_withdrawal,
    {{ rate("tax_basic_rate_limit") }} as basic_rate_limit,
    {{ rate("tax_higher_rate_limit") }} as higher_rate_limit,
    {{ rate("tax_rate_basic") }} as rate_basic,
    {{ rate("tax_rate_higher") }} as rate_higher,
    {{ rate("tax_rate_additional") }} as rate_additional,
    {{ rate("tax_marriage_allowance_share") }} as marriage_allowance_share,
    {{ rate("hicbc_threshold") }} as hicbc_threshold,
    {{ rate("hicbc_full_charge") }} as hicbc_full_charge,
    {{ rate("winter_fuel_charge_above") }} as winter_fuel_charge_above,
    {{ rate("ni_primary_threshold") }} as ni_primary_threshold,
    {{ rate("ni_upper_earnings_limit") }} as ni_upper_earnings_limit,
    {{ rate("ni_class_1_main") }} as ni_class_1_main,
    {{ rate("ni_class_1_additional") }} as ni_class_1_additional,
    {{ rate("ni_class_2_weekly") }} as ni_class_2_weekly,
    {{ rate("ni_class_2_threshold") }} as ni_class_2_threshold,
    {{ rate("ni_class_4_lower_limit") }} as ni_class_4_lower_limit,
    {{ rate("ni_class_4_upper_limit") }} as ni_class_4_upper_limit,
    {{ rate("ni_class_4_main") }} as ni_class_4_main,
    {{ rate("ni_class_4_additional") }} as ni_class_4_additional
from rates
group by period_key
