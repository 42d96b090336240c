-- Nothing exact stands behind it: shares, awards, pounds and pounds for each pound spent.
with

    dim_campaign as (select * from {{ ref("dim_campaign") }}),

    county_campaign as (select * from {{ source("published", "county_campaign") }}),

    shown as (
        select
            *,
            cast(recognised_annualised_gbp + recognised_one_off_gbp as double precision)
            / nullif(recognised_count, 0) as average_gbp
        from county_campaign
    )

select shown.campaign_key
from shown
inner join dim_campaign on shown.campaign_key = dim_campaign.campaign_key
where
    shown.cost_gbp is distinct from dim_campaign.cost_gbp
    or (shown.effect_ratio is null) <> (
        shown.effect_standing
        not in ('Effect shown', 'No effect shown', 'Fewer awards than of those held out')
    )
    or abs(shown.effect_ratio - (shown.recognised_ratio - shown.holdout_recognised_ratio)) > 0.0002
    or abs(shown.effect_award_count - shown.effect_ratio * shown.household_count) > 3
    or abs(shown.effect_low_award_count - shown.effect_low_ratio * shown.household_count) > 3
    or abs(shown.effect_high_award_count - shown.effect_high_ratio * shown.household_count) > 3
    or abs(shown.effect_gbp - shown.effect_ratio * shown.household_count * shown.average_gbp)
    > 501 + shown.average_gbp
    or abs(
        shown.effect_low_gbp - shown.effect_low_ratio * shown.household_count * shown.average_gbp
    )
    > 501 + shown.average_gbp
    or abs(
        shown.effect_high_gbp - shown.effect_high_ratio * shown.household_count * shown.average_gbp
    )
    > 501 + shown.average_gbp
    or abs(shown.effect_per_pound * shown.cost_gbp - shown.effect_gbp)
    > 501 + 0.051 * shown.cost_gbp
