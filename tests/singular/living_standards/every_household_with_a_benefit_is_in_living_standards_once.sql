-- In payment, or a claim that runs: whoever the benefits know is in the fact, and nobody else is.
with

    benefit_spend as (select * from {{ ref("fct_benefit_spend") }} where is_in_payment),

    circumstances as (select * from {{ ref("fct_household_circumstances") }}),

    living_standards as (select * from {{ ref("fct_living_standards") }}),

    households_known as (
        select household_key, month
        from benefit_spend
        union
        select household_key, month
        from circumstances
    )

select
    coalesce(households_known.household_key, living_standards.household_key) as household_key,
    coalesce(households_known.month, living_standards.month) as month
from households_known
full outer join
    living_standards
    on households_known.household_key = living_standards.household_key
    and households_known.month = living_standards.month
where households_known.household_key is null or living_standards.household_key is null
