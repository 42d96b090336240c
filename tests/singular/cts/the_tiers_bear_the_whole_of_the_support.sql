-- To the penny: rounding must not lose or make support.
with

    bearer_months as (select * from {{ ref("fct_cts_bearer_month") }}),

    cts_months as (select * from {{ ref("fct_cts_month") }}),

    months as (select * from {{ ref("dim_month") }}),

    band_d as (select * from {{ ref("fct_published_band_d") }}),

    borne as (
        select
            district_code,
            month,
            sum(notional_share_gbp) as notional_share_gbp,
            sum(in_year_share_gbp) as in_year_share_gbp,
            sum(share_ratio) as share_ratio,
            sum(in_year_share_ratio) as in_year_share_ratio
        from bearer_months
        group by district_code, month
    ),

    -- Without a workbook of its own or an earlier year nobody's share is known, and none is made
    -- up.
    shares_held as (
        select authority_code, min(financial_year) as first_financial_year
        from band_d
        where county_band_d_gbp is not null
        group by authority_code
    ),

    recognised as (
        select
            cts_months.district_code,
            cts_months.month,
            sum(cts_months.recognised_gbp) as recognised_gbp
        from cts_months
        inner join months on cts_months.month = months.month
        inner join
            shares_held
            on cts_months.district_code = shares_held.authority_code
            and months.financial_year >= shares_held.first_financial_year
        group by cts_months.district_code, cts_months.month
    )

select *
from recognised
left join borne on recognised.district_code = borne.district_code and recognised.month = borne.month
where
    borne.district_code is null
    or borne.notional_share_gbp <> recognised.recognised_gbp
    or borne.in_year_share_gbp <> recognised.recognised_gbp
    or abs(borne.share_ratio - 1) > 0.000001
    or abs(borne.in_year_share_ratio - 1) > 0.000001
