{{ config(materialized="view") }}

with

    in_payment as (select * from {{ ref("int_entitlement_months__in_payment") }}),

    discounts as (select * from {{ ref("int_entitlement__council_tax_discount") }}),

    accounts as (select * from {{ ref("int_entitlement_source__council_tax") }})

select
    in_payment.unit_number,
    'ctd' as benefit_code,
    discounts.discount_gbp as annual_estimate_gbp,
    cast(accounts.annual_discount_gbp as double) as annual_in_payment_gbp,
    case
        when not in_payment.are_people_known
        then 'people_not_known'
        -- An award of Universal Credit says nothing of who else lives there; a claim for support
        -- does.
        when in_payment.is_on_universal_credit and not in_payment.has_support
        then 'people_not_known'
        when accounts.unit_number is null
        then 'council_tax_not_known'
        -- Who is disregarded no extract tells; that somebody is, the account does.
        when accounts.discount_kind in ('one_disregard', 'all_disregarded')
        then 'taken_as_paid'
    end as not_assessable_reason,
    true as is_some_assumed
from in_payment
inner join discounts on in_payment.unit_number = discounts.home_number
left join accounts on in_payment.unit_number = accounts.unit_number
