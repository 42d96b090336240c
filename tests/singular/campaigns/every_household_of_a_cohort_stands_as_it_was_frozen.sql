with

    contacts as (select * from {{ ref("fct_campaign_contacts") }}),

    cohorts as (select * from {{ ref("stg_campaigns__cohorts") }}),

    campaigns as (select * from {{ ref("dim_campaign") }}),

    configured as (select * from {{ ref("stg_campaigns__campaigns") }}),

    told as (
        select campaign_key, district_code, arm, count(*) as households, sum(expected_gbp) as pounds
        from contacts
        group by campaign_key, district_code, arm
    ),

    frozen as (
        select campaign_key, district_code, arm, count(*) as households, sum(expected_gbp) as pounds
        from cohorts
        group by campaign_key, district_code, arm
    )

select coalesce(told.campaign_key, frozen.campaign_key) as campaign_key
from told
full outer join
    frozen
    on told.campaign_key = frozen.campaign_key
    and told.district_code = frozen.district_code
    and told.arm = frozen.arm
where
    told.households is distinct from frozen.households or told.pounds is distinct from frozen.pounds
union all
select coalesce(campaigns.campaign_key, configured.campaign_key) as campaign_key
from campaigns
full outer join configured on campaigns.campaign_key = configured.campaign_key
where
    campaigns.cost_gbp is distinct from configured.cost_gbp
    or campaigns.stage is distinct from configured.stage
