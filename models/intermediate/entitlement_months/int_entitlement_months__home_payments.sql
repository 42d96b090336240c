{{ config(materialized="view") }}

with

    in_payment as (select * from {{ ref("int_entitlement_months__in_payment") }}),

    unit_people as (select * from {{ ref("int_entitlement__unit_people") }}),

    home_payments as (select * from {{ ref("int_entitlement__home_payments") }}),

    homes as (
        select
            in_payment.unit_number,
            home_payments.warm_home_discount_gbp,
            home_payments.winter_fuel_gbp,
            unit_people.pension_age_adult_count > 0 as has_pension_age,
            case
                when not in_payment.are_people_known
                then 'people_not_known'
                when not in_payment.is_income_known and not in_payment.is_on_guarantee_credit
                then 'income_not_known'
                when not in_payment.is_capital_known and not in_payment.is_on_guarantee_credit
                then 'capital_not_known'
            end as not_assessable_reason
        from in_payment
        inner join unit_people on in_payment.unit_number = unit_people.unit_number
        inner join home_payments on in_payment.unit_number = home_payments.home_number
    )

-- Once a winter, here a twelfth a month; no extract tells who had them.
select
    unit_number,
    'whd' as benefit_code,
    cast(warm_home_discount_gbp as double) as annual_estimate_gbp,
    not_assessable_reason
from homes
union all
select
    unit_number,
    'wfp' as benefit_code,
    cast(winter_fuel_gbp as double) as annual_estimate_gbp,
    not_assessable_reason
from homes
where has_pension_age
