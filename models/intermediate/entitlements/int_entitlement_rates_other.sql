{{ config(materialized="view") }}

with rates as (select * from {{ ref("int_entitlement_period_rates") }})

select
    period_key,
    {{ rate("child_benefit_eldest") }} as child_benefit_eldest,
    {{ rate("child_benefit_other") }} as child_benefit_other,
    {{ rate("winter_fuel_lower") }} as winter_fuel_lower,
    {{ rate("winter_fuel_higher") }} as winter_fuel_higher,
    {{ rate("winter_fuel_higher_age") }} as winter_fuel_higher_age,
    {{ rate("winter_fuel_needs_benefit") }} as winter_fuel_needs_benefit,
    {{ rate("winter_fuel_charge_above") }} as winter_fuel_charge_above,
    {{ rate("warm_home_discount") }} as warm_home_discount,
    {{ rate("warm_home_discount_any_means_tested") }} as warm_home_discount_any_means_tested,
    {{ rate("fsm_earnings_limit") }} as fsm_earnings_limit,
    {{ rate("fsm_from_age") }} as fsm_from_age,
    {{ rate("fsm_to_age") }} as fsm_to_age,
    {{ rate("healthy_start_to_age") }} as healthy_start_to_age,
    {{ rate("healthy_start_standard") }} as healthy_start_standard,
    {{ rate("healthy_start_under_one") }} as healthy_start_under_one,
    {{ rate("healthy_start_uc_earnings") }} as healthy_start_uc_earnings,
    {{ rate("council_tax_resident_age") }} as council_tax_resident_age,
    {{ rate("council_tax_discount_one_resident") }} as council_tax_discount_one_resident,
    {{ rate("council_tax_discount_all_disregarded") }} as council_tax_discount_all_disregarded
from rates
group by period_key
