-- Overdue council tax of the marts is the published headline within half a rounding step.
with

    marts as (
        select month, sum(overdue_gbp) as overdue_gbp
        from {{ ref("fct_overdue_month") }}
        group by month
    ),

    published as (select * from {{ source("published", "county_council_tax_month") }})

select marts.month, marts.overdue_gbp, published.overdue_gbp as published_overdue_gbp
from marts
left join published on marts.month = published.month
where published.month is null or abs(marts.overdue_gbp - published.overdue_gbp) > 500
