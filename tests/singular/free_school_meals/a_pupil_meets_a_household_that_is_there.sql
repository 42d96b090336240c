-- Whatever household a pupil meets is one that its own district's feeds know.
with

    meals as (select * from {{ ref("fct_free_school_meals") }}),

    benefit_units as (select * from {{ ref("stg_links__benefit_units") }}),

    -- One row a household: the duplicates that grouping removes are its claims and accounts.
    households as (
        select district_code, household_key from benefit_units group by district_code, household_key
    )

select meals.pupil_key, meals.month
from meals
left join
    households
    on meals.household_district_code = households.district_code
    and meals.household_key = households.household_key
where meals.link_rule is not null and households.household_key is null
