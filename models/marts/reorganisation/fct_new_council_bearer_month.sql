with

    members as (select * from {{ ref("bridge_new_council_member") }}),

    bearer_months as (select * from {{ ref("fct_cts_bearer_month") }}),

    -- A new council is a unitary: it goes without the county's share as well as the district's.
    new_bearers as (
        select
            district_code,
            month,
            case when bearer in ('county', 'district') then 'council' else bearer end as new_bearer,
            shares_year,
            is_assumed_shares,
            sum(notional_share_gbp) as notional_share_gbp
        from bearer_months
        group by
            district_code,
            month,
            case when bearer in ('county', 'district') then 'council' else bearer end,
            shares_year,
            is_assumed_shares
    )

select
    members.place_key,
    new_bearers.district_code,
    new_bearers.month,
    new_bearers.new_bearer,
    new_bearers.shares_year,
    new_bearers.is_assumed_shares,
    cast(new_bearers.notional_share_gbp as decimal(18, 2)) as notional_share_gbp,
    {{ build_id() }} as build_id
from members
inner join new_bearers on members.authority_code = new_bearers.district_code
