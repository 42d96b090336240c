-- Not available where no sharing is named: then there is nobody to be met.
with

    fct_free_school_meals as (select * from {{ ref("fct_free_school_meals") }}),

    marts as (
        select month, count(*) as uc_pupil_count, count(household_key) as matched_pupil_count
        from fct_free_school_meals
        where is_matching_shared and entitlement_ground = 'universal_credit'
        group by month
    ),

    published as (
        select
            month,
            uc_pupil_count,
            uc_pupil_count_mark,
            matched_pupil_count,
            matched_pupil_count_mark
        from {{ source("published", "county_free_school_meals") }}
        where uc_pupil_count_mark is distinct from 'x'
    )

select marts.*, published.month as published_month
from marts
full outer join published on marts.month = published.month
where
    marts.month is null
    or published.month is null
    or {{ is_not_rounded_from("published.uc_pupil_count", "marts.uc_pupil_count", 2) }}
    or (published.uc_pupil_count is null and published.uc_pupil_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.matched_pupil_count", "marts.matched_pupil_count", 2) }}
    or (
        published.matched_pupil_count is null
        and published.matched_pupil_count_mark is distinct from 'c'
    )
