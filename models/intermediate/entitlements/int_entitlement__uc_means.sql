{{ config(materialized="view") }}

with

    units as (select * from {{ ref("int_entitlement_units") }}),

    unit_people as (select * from {{ ref("int_entitlement__unit_people") }}),

    incomes as (select * from {{ ref("int_entitlement__unit_incomes") }}),

    homes as (select * from {{ ref("int_entitlement__homes") }}),

    rates as (select * from {{ ref("int_entitlement_rates_uc") }}),

    means as (
        select
            units.unit_number,
            units.claims_universal_credit,
            units.deductions_asked_gbp,
            rates.deductions_cap,
            unit_people.pension_age_adult_count < unit_people.adult_count
            and unit_people.oldest_adult_age >= rates.adult_age
            and units.capital_gbp <= rates.capital_limit as is_within_conditions,
            case
                when unit_people.child_count = 0 and unit_people.limited_capability_count = 0
                then 0
                when coalesce(homes.uc_core_rent_gbp, 0) > 0
                then rates.work_allowance_with_housing * 12
                else rates.work_allowance_without_housing * 12
            end as work_allowance_gbp,
            incomes.counted_earnings_gbp,
            incomes.uc_unearned_gbp + incomes.carers_allowance_gbp as paid_unearned_gbp,
            case
                when
                    unit_people.pension_age_adult_count < unit_people.adult_count
                    and units.capital_gbp > rates.capital_disregarded
                    and units.capital_gbp <= rates.capital_limit
                then
                    ceil((units.capital_gbp - rates.capital_disregarded) / rates.capital_step)
                    * rates.capital_income_per_step
                    * 12
                else 0
            end as capital_income_gbp,
            rates.taper,
            case
                when unit_people.adult_count > 1 or unit_people.child_count > 0
                then
                    case
                        when units.is_in_london
                        then rates.cap_family_in_london
                        else rates.cap_family_outside_london
                    end
                when units.is_in_london
                then rates.cap_single_in_london
                else rates.cap_single_outside_london
            end as cap_gbp,
            unit_people.lcwra_count > 0
            or incomes.carer_count > 0
            or unit_people.disability_benefit_count > 0
            or incomes.net_earnings_gbp
            >= rates.cap_exempt_hours * rates.minimum_wage_21_and_over * 52 as is_exempt_from_cap
        from units
        inner join unit_people on units.unit_number = unit_people.unit_number
        inner join incomes on units.unit_number = incomes.unit_number
        inner join rates on units.period_key = rates.period_key
        left join homes on units.unit_number = homes.unit_number
    )

select
    unit_number,
    claims_universal_credit,
    deductions_asked_gbp,
    deductions_cap,
    is_within_conditions,
    work_allowance_gbp,
    greatest(counted_earnings_gbp - work_allowance_gbp, 0) as earned_income_gbp,
    capital_income_gbp,
    paid_unearned_gbp + capital_income_gbp as unearned_income_gbp,
    greatest(counted_earnings_gbp - work_allowance_gbp, 0) * taper
    + paid_unearned_gbp
    + capital_income_gbp as income_gbp,
    cap_gbp,
    is_exempt_from_cap
from means
