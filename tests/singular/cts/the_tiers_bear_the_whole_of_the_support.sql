-- To the penny: rounding must not lose or make support.
with

    bearer_months as (select * from {{ ref("fct_cts_bearer_month") }}),

    cts_months as (select * from {{ ref("fct_cts_month") }}),

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

    recognised as (
        select district_code, month, sum(recognised_gbp) as recognised_gbp
        from cts_months
        group by district_code, month
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
