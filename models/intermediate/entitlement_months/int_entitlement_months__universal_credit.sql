{{ config(materialized="view") }}

with

    in_payment as (select * from {{ ref("int_entitlement_months__in_payment") }}),

    units as (select * from {{ ref("int_entitlement_units") }}),

    unit_people as (select * from {{ ref("int_entitlement__unit_people") }}),

    universal_credit as (select * from {{ ref("int_entitlement__universal_credit") }}),

    periods as (select * from {{ ref("int_entitlement_periods") }}),

    benefit_rates as (select * from {{ ref("benefit_rates") }}),

    rates_of_periods as (
        select periods.period_key, benefit_rates.valid_from as rates_from
        from periods
        inner join
            benefit_rates
            on periods.age_reference_date
            between benefit_rates.valid_from and benefit_rates.valid_to
        where benefit_rates.rate_code = 'uc_child'
    )

select
    in_payment.unit_number,
    'uc' as benefit_code,
    universal_credit.universal_credit_gbp as annual_estimate_gbp,
    case
        when in_payment.is_on_universal_credit or in_payment.passport <> 'universal_credit'
        then cast(in_payment.universal_credit_gbp as double)
    end as annual_in_payment_gbp,
    case
        when not in_payment.are_people_known
        then 'people_not_known'
        -- An assessment period has the rates of its first day, a month those of its last.
        when in_payment.universal_credit_rates_from < rates_of_periods.rates_from
        then 'paid_at_earlier_rates'
        when not in_payment.is_on_universal_credit and in_payment.passport = 'universal_credit'
        then 'amount_not_held'
        -- What it replaces, which no claim gives in full; tax credits ended on 5 April 2025.
        when
            not in_payment.is_on_universal_credit
            and (
                in_payment.source_feed = 'housing_benefit'
                or in_payment.passport <> 'none'
                or in_payment.month < date '2025-05-01'
            )
        then 'other_award_in_payment'
        when not in_payment.is_income_known
        then 'income_not_known'
        when not in_payment.is_capital_known
        then 'capital_not_known'
    end as not_assessable_reason,
    -- Without an award neither rent nor what an income is of is told: the least that it can be.
    not in_payment.is_on_universal_credit or unit_people.child_count > 0 as is_some_assumed
from in_payment
inner join units on in_payment.unit_number = units.unit_number
inner join unit_people on in_payment.unit_number = unit_people.unit_number
inner join universal_credit on in_payment.unit_number = universal_credit.unit_number
inner join rates_of_periods on units.period_key = rates_of_periods.period_key
where
    in_payment.is_on_universal_credit
    or unit_people.pension_age_adult_count < unit_people.adult_count
