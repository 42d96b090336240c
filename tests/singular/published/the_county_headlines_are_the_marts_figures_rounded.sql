-- The headline totals are fixed: whatever is hidden below them, they stay within half a rounding
-- step of what the marts hold, in every month that a district sent.
with

    marts as (
        select month, sum(household_count) as caseload_count, sum(recognised_gbp) as recognised_gbp
        from {{ ref("fct_cts_month") }}
        group by month
    ),

    published as (select * from {{ source("published", "county_cts_month") }})

select
    marts.month,
    marts.caseload_count,
    published.caseload_count as published_caseload_count,
    marts.recognised_gbp,
    published.recognised_gbp as published_recognised_gbp
from marts
left join published on marts.month = published.month
where
    published.month is null
    or (published.caseload_count_mark is null and published.caseload_count is null)
    or abs(marts.caseload_count - published.caseload_count) > 2
    or abs(marts.recognised_gbp - published.recognised_gbp) > 500
