-- Each tier gets what the tiers up to it bear, less what those before it bear: the pennies of
-- rounding land somewhere, and the parts are the whole to the penny.
with

    proposals as (select * from {{ ref("fct_scheme_proposal") }}),

    bearer_months as (select * from {{ ref("fct_cts_bearer_month") }}),

    shares as (
        select
            district_code,
            month,
            bearer,
            share_ratio,
            shares_year,
            is_assumed_shares,
            sum(share_ratio) over (
                partition by district_code, month
                order by bearer
                rows between unbounded preceding and current row
            ) as ratio_so_far,
            row_number() over (partition by district_code, month order by bearer desc)
            = 1 as is_last
        from bearer_months
    ),

    bounds as (
        select
            *,
            ratio_so_far - share_ratio as from_ratio,
            -- Shares are rounded to eight places; the last goes to the end.
            case when is_last then 1 else ratio_so_far end as to_ratio
        from shares
    )

select
    proposals.district_code,
    proposals.month,
    proposals.proposal_key,
    proposals.option_key,
    bounds.bearer,
    bounds.shares_year,
    bounds.is_assumed_shares,
    cast(bounds.share_ratio as decimal(18, 8)) as share_ratio,
    cast(
        round(proposals.cost_gbp * bounds.to_ratio, 2)
        - round(proposals.cost_gbp * bounds.from_ratio, 2) as decimal(18, 2)
    ) as cost_gbp,
    cast(
        round(proposals.change_gbp * bounds.to_ratio, 2)
        - round(proposals.change_gbp * bounds.from_ratio, 2) as decimal(18, 2)
    ) as change_gbp,
    {{ build_id() }} as build_id
from proposals
inner join
    bounds on proposals.district_code = bounds.district_code and proposals.month = bounds.month
