-- Districts and county together; the county stands without a district.
with

    bearer_months as (select * from {{ ref("fct_cts_bearer_month") }}),

    marts as (
        select district_code, month, bearer, shares_year, notional_share_gbp, in_year_share_gbp
        from bearer_months
        union all
        select
            'county' as district_code,
            month,
            bearer,
            shares_year,
            sum(notional_share_gbp) as notional_share_gbp,
            sum(in_year_share_gbp) as in_year_share_gbp
        from bearer_months
        group by month, bearer, shares_year
    ),

    published as (
        select district_code, month, bearer, shares_year, notional_share_gbp, in_year_share_gbp
        from {{ source("published", "district_cts_bearer_month") }}
        union all
        select
            'county' as district_code,
            month,
            bearer,
            shares_year,
            notional_share_gbp,
            in_year_share_gbp
        from {{ source("published", "county_cts_bearer_month") }}
    )

select marts.*, published.district_code as published_district_code
from marts
full outer join
    published
    on marts.district_code = published.district_code
    and marts.month = published.month
    and marts.bearer = published.bearer
    and marts.shares_year = published.shares_year
where
    marts.district_code is null
    or published.district_code is null
    or {{ is_not_rounded_from("published.notional_share_gbp", "marts.notional_share_gbp", 500) }}
    or {{ is_not_rounded_from("published.in_year_share_gbp", "marts.in_year_share_gbp", 500) }}
