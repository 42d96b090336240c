-- A share moves from county and districts to the new council, and no pound is lost on the way.
with

    members as (select * from {{ ref("bridge_new_council_member") }}),

    places as (select * from {{ ref("dim_new_council") }}),

    bearer_months as (select * from {{ ref("fct_cts_bearer_month") }}),

    council_months as (select * from {{ ref("fct_new_council_bearer_month") }}),

    today as (
        select
            places.option_code,
            bearer_months.district_code,
            bearer_months.month,
            sum(
                case
                    when bearer_months.bearer in ('county', 'district')
                    then bearer_months.notional_share_gbp
                    else 0
                end
            ) as council_gbp,
            sum(bearer_months.notional_share_gbp) as every_tier_gbp
        from bearer_months
        inner join members on bearer_months.district_code = members.authority_code
        inner join places on members.place_key = places.place_key
        group by places.option_code, bearer_months.district_code, bearer_months.month
    ),

    under_an_option as (
        select
            places.option_code,
            council_months.district_code,
            council_months.month,
            sum(
                case
                    when council_months.new_bearer = 'council'
                    then council_months.notional_share_gbp
                    else 0
                end
            ) as council_gbp,
            sum(council_months.notional_share_gbp) as every_tier_gbp
        from council_months
        inner join places on council_months.place_key = places.place_key
        group by places.option_code, council_months.district_code, council_months.month
    )

select *
from today
full outer join
    under_an_option
    on today.option_code = under_an_option.option_code
    and today.district_code = under_an_option.district_code
    and today.month = under_an_option.month
where
    today.council_gbp is distinct from under_an_option.council_gbp
    or today.every_tier_gbp is distinct from under_an_option.every_tier_gbp
