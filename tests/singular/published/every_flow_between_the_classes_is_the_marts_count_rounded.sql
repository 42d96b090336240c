-- All districts together.
with

    marts as (
        select
            month,
            case when span_months = 1 then 'month' else 'year' end as span,
            class_before,
            living_standards_class,
            sum(household_count) as household_count
        from {{ ref("fct_living_standards_transitions") }}
        group by month, span_months, class_before, living_standards_class
    ),

    published as (select * from {{ source("published", "county_living_standards_flow_month") }})

select marts.*, published.month as published_month
from marts
full outer join
    published
    on marts.month = published.month
    and marts.span = published.span
    and marts.class_before = published.class_before
    and marts.living_standards_class = published.living_standards_class
where
    marts.month is null
    or published.month is null
    or {{ is_not_rounded_from("published.household_count", "marts.household_count", 2) }}
    or (published.household_count is null and published.household_count_mark is distinct from 'c')
