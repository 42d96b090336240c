{{ config(materialized="view") }}

with

    in_payment as (select * from {{ ref("int_entitlement_months__in_payment") }}),

    units as (select * from {{ ref("int_entitlement_units") }}),

    unit_people as (select * from {{ ref("int_entitlement__unit_people") }}),

    housing_benefit as (select * from {{ ref("int_entitlement__housing_benefit") }})

-- Of working age it is closed to new claims, so that what is in payment is all that can be said.
select
    in_payment.unit_number,
    'hb' as benefit_code,
    housing_benefit.housing_benefit_gbp as annual_estimate_gbp,
    cast(units.reported_housing_benefit_gbp as double) as annual_in_payment_gbp,
    case
        when not housing_benefit.is_of_pension_age
        then 'taken_as_paid'
        when in_payment.is_claim_suspended
        then 'suspended'
        when not in_payment.are_people_known
        then 'people_not_known'
        when not in_payment.is_rent_known
        then 'rent_not_known'
        when not in_payment.is_income_known and not in_payment.is_on_guarantee_credit
        then 'income_not_known'
        when not in_payment.is_capital_known and not in_payment.is_on_guarantee_credit
        then 'capital_not_known'
    end as not_assessable_reason,
    unit_people.child_count > 0 as is_some_assumed
from in_payment
inner join units on in_payment.unit_number = units.unit_number
inner join unit_people on in_payment.unit_number = unit_people.unit_number
inner join housing_benefit on in_payment.unit_number = housing_benefit.unit_number
where housing_benefit.is_of_pension_age or units.reported_housing_benefit_gbp > 0
