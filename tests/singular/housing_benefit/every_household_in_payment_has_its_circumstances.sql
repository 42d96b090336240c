-- Households in payment by the spend fact are those that the circumstances say are in payment.
with

    benefit_spend as (select * from {{ ref("fct_benefit_spend") }}),

    circumstances as (select * from {{ ref("fct_household_circumstances") }}),

    paid as (
        select district_code, household_key, month
        from benefit_spend
        where benefit_code = 'hb' and is_in_payment
    ),

    told as (
        select district_code, household_key, month
        from circumstances
        where source_feed = 'housing_benefit' and is_in_payment
    )

select paid.household_key as paid_key, told.household_key as told_key
from paid
full outer join
    told
    on paid.district_code = told.district_code
    and paid.household_key = told.household_key
    and paid.month = told.month
where paid.household_key is null or told.household_key is null
