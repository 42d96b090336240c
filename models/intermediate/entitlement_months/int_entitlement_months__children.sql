{{ config(materialized="view") }}

with

    in_payment as (select * from {{ ref("int_entitlement_months__in_payment") }}),

    unit_people as (select * from {{ ref("int_entitlement__unit_people") }}),

    child_benefit as (select * from {{ ref("int_entitlement__child_benefit") }}),

    children_help as (select * from {{ ref("int_entitlement__children_help") }}),

    families as (
        select
            in_payment.unit_number,
            in_payment.child_benefit_gbp as child_benefit_in_payment_gbp,
            child_benefit.child_benefit_gbp,
            children_help.healthy_start_gbp,
            children_help.free_school_meals_child_count,
            case when not in_payment.are_people_known then 'people_not_known' end as people_reason,
            case
                when not in_payment.are_people_known or not in_payment.are_childrens_ages_known
                then 'people_not_known'
                when not in_payment.is_income_known and not in_payment.is_on_guarantee_credit
                then 'income_not_known'
                when not in_payment.is_capital_known and not in_payment.is_on_guarantee_credit
                then 'capital_not_known'
            end as means_reason
        from in_payment
        inner join unit_people on in_payment.unit_number = unit_people.unit_number
        inner join child_benefit on in_payment.unit_number = child_benefit.unit_number
        inner join children_help on in_payment.unit_number = children_help.unit_number
        where unit_people.child_count > 0
    )

-- Healthy Start and free school meals follow from the age of each child; meals have no pounds.
select
    unit_number,
    'cb' as benefit_code,
    child_benefit_gbp as annual_estimate_gbp,
    cast(null as integer) as entitled_count,
    child_benefit_in_payment_gbp as annual_in_payment_gbp,
    people_reason as not_assessable_reason
from families
union all
select
    unit_number,
    'hs' as benefit_code,
    healthy_start_gbp as annual_estimate_gbp,
    cast(null as integer) as entitled_count,
    cast(null as double) as annual_in_payment_gbp,
    means_reason as not_assessable_reason
from families
union all
select
    unit_number,
    'fsm' as benefit_code,
    cast(null as double) as annual_estimate_gbp,
    case
        when means_reason is null then cast(free_school_meals_child_count as integer)
    end as entitled_count,
    cast(null as double) as annual_in_payment_gbp,
    means_reason as not_assessable_reason
from families
