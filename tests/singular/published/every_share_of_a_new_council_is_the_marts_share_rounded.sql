with

    council_months as (select * from {{ ref("fct_new_council_bearer_month") }}),

    exact as (
        select
            place_key, month, new_bearer, shares_year, sum(notional_share_gbp) as notional_share_gbp
        from council_months
        group by place_key, month, new_bearer, shares_year
    ),

    published as (select * from {{ source("published", "new_council_cts_bearer_month") }})

select exact.*, published.place_key as published_place_key
from exact
full outer join
    published
    on exact.place_key = published.place_key
    and exact.month = published.month
    and exact.new_bearer = published.new_bearer
    and exact.shares_year = published.shares_year
where
    exact.place_key is null
    or published.place_key is null
    or {{ is_not_rounded_from("published.notional_share_gbp", "exact.notional_share_gbp", 500) }}
    or (
        published.notional_share_gbp is null
        and published.notional_share_gbp_mark is distinct from 'c'
    )
