{{ config(materialized="view") }}

with

    periods as (select * from {{ ref("int_entitlement_periods") }}),

    homes as (select * from {{ ref("int_entitlement__homes") }}),

    units as (select * from {{ ref("int_entitlement_units") }}),

    unit_people as (select * from {{ ref("int_entitlement__unit_people") }}),

    incomes as (select * from {{ ref("int_entitlement__unit_incomes") }}),

    elements as (select * from {{ ref("int_entitlement__uc_elements") }}),

    universal_credit as (select * from {{ ref("int_entitlement__universal_credit") }}),

    child_benefit as (select * from {{ ref("int_entitlement__child_benefit") }}),

    dwellings as (select * from {{ ref("int_entitlement_dwellings") }}),

    council_tax_reduction as (select * from {{ ref("int_entitlement__council_tax_reduction") }}),

    non_dependants as (select * from {{ ref("int_entitlement__non_dependants") }})

-- Pounds a week, as schemes have them.
select
    homes.unit_number,
    homes.home_number,
    dwellings.district_code,
    homes.period_key,
    periods.financial_year,
    dwellings.council_tax_band,
    homes.annual_council_tax_gbp / 52 as weekly_liability_gbp,
    units.capital_gbp,
    incomes.net_earnings_gbp / 52 as net_earnings_gbp,
    incomes.counted_earnings_gbp / 52 as counted_earnings_gbp,
    (incomes.uc_unearned_gbp + incomes.carers_allowance_gbp) / 52 as unearned_gbp,
    child_benefit.child_benefit_gbp / 52 as child_benefit_gbp,
    -- What a scheme counts of the award is what is left for living: neither rent nor
    -- childcare.
    greatest(
        universal_credit.universal_credit_gbp
        - elements.housing_element_gbp
        - elements.childcare_element_gbp,
        0
    )
    / 52 as living_award_gbp,
    (elements.health_element_gbp + elements.carer_element_gbp + elements.disabled_child_gbp)
    / 52 as disability_elements_gbp,
    universal_credit.maximum_gbp / 52 as uc_maximum_gbp,
    universal_credit.universal_credit_gbp / 52 as uc_award_gbp,
    unit_people.disability_benefit_count > 0 as has_disability_benefit,
    homes.is_exempt_from_deductions,
    coalesce(non_dependants.working_count, 0) as working_non_dependant_count,
    coalesce(non_dependants.other_count, 0) as other_non_dependant_count,
    units.is_passported,
    universal_credit.maximum_gbp > 0
    and universal_credit.income_reduction_gbp = 0 as is_uc_at_maximum,
    unit_people.adult_count,
    unit_people.child_count
from homes
inner join periods on homes.period_key = periods.period_key
inner join units on homes.unit_number = units.unit_number
inner join unit_people on homes.unit_number = unit_people.unit_number
inner join incomes on homes.unit_number = incomes.unit_number
inner join elements on homes.unit_number = elements.unit_number
inner join universal_credit on homes.unit_number = universal_credit.unit_number
inner join child_benefit on homes.unit_number = child_benefit.unit_number
inner join dwellings on homes.home_number = dwellings.home_number
left join non_dependants on homes.home_number = non_dependants.home_number
left join council_tax_reduction on homes.unit_number = council_tax_reduction.unit_number
-- Whom the prescribed scheme is for, no district's own is for.
where council_tax_reduction.unit_number is null
