with

    housing_benefit_incomes as (select * from {{ ref("int_housing_benefit__income_months") }}),

    -- One line a source, each with the same columns in the same order.
    incomes as (
        select
            district_code,
            household_key,
            month,
            'housing_benefit' as source_feed,
            person_role,
            income_kind,
            weekly_income_gbp
        from housing_benefit_incomes
    )

select
    district_code,
    household_key,
    month,
    source_feed,
    person_role,
    income_kind,
    cast(sum(weekly_income_gbp) as decimal(18, 2)) as weekly_income_gbp,
    cast(count(*) as integer) as income_count,
    {{ build_id() }} as build_id
from incomes
group by district_code, household_key, month, source_feed, person_role, income_kind
