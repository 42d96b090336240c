{{ config(materialized="view") }}

with

    in_payment as (select * from {{ ref("int_entitlement_months__in_payment") }}),

    unit_people as (select * from {{ ref("int_entitlement__unit_people") }}),

    pension_credit as (select * from {{ ref("int_entitlement__pension_credit") }})

-- The guarantee credit stands for the means test of other benefits (SI 2006/214 reg 26), but its
-- own
-- amount no extract tells.
select
    in_payment.unit_number,
    'pc' as benefit_code,
    -- Whether a savings credit is paid only Housing Benefit claims tell.
    pension_credit.guarantee_credit_gbp + case
        when in_payment.source_feed = 'cts' then 0 else pension_credit.savings_credit_gbp
    end as annual_estimate_gbp,
    case
        when not in_payment.is_on_guarantee_credit then in_payment.savings_credit_gbp
    end as annual_in_payment_gbp,
    case
        when in_payment.is_on_guarantee_credit
        then 'amount_not_held'
        when not in_payment.are_people_known
        then 'people_not_known'
        when not in_payment.is_income_known
        then 'income_not_known'
        when not in_payment.is_capital_known
        then 'capital_not_known'
    end as not_assessable_reason,
    -- A claim for support tells one income, whatever it is of, and no more of savings.
    in_payment.source_feed = 'cts' or unit_people.child_count > 0 as is_some_assumed
from in_payment
inner join unit_people on in_payment.unit_number = unit_people.unit_number
inner join pension_credit on in_payment.unit_number = pension_credit.unit_number
where
    unit_people.pension_age_adult_count = unit_people.adult_count
    -- A last assessment period may end after pension age.
    and not in_payment.is_on_universal_credit
