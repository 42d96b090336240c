-- All districts together.
with

    marts as (
        select month, movement, driver, count(*) as move_count
        from {{ ref("fct_shortfall_drivers") }}
        group by month, movement, driver
    ),

    published as (select * from {{ source("published", "county_shortfall_move_month") }})

select marts.*, published.month as published_month
from marts
full outer join
    published
    on marts.month = published.month
    and marts.movement = published.movement
    and marts.driver = published.driver
where
    marts.month is null
    or published.month is null
    or {{ is_not_rounded_from("published.move_count", "marts.move_count", 2) }}
    or (published.move_count is null and published.move_count_mark is distinct from 'c')
