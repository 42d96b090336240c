with

    units as (select * from {{ ref("int_entitlement_units") }}),

    elements as (select * from {{ ref("int_entitlement__uc_elements") }}),

    universal_credit as (select * from {{ ref("int_entitlement__universal_credit") }}),

    rates as (select * from {{ ref("int_entitlement_rates_uc") }})

-- What is owed is asked for up to a share of the standard allowance; a penny of the award is left
-- (SI 2013/380 Sch 6 para 3).
select
    units.unit_number,
    units.deductions_asked_gbp,
    elements.standard_allowance_gbp * rates.deductions_cap as deductions_cap_gbp,
    least(
        units.deductions_asked_gbp,
        elements.standard_allowance_gbp * rates.deductions_cap,
        greatest(universal_credit.universal_credit_gbp - 0.12, 0)
    ) as deductions_gbp
from units
inner join elements on units.unit_number = elements.unit_number
inner join universal_credit on units.unit_number = universal_credit.unit_number
inner join rates on units.period_key = rates.period_key
