with

    dim_campaign as (select * from {{ ref("dim_campaign") }}),

    campaign as (select * from {{ source("published", "campaign") }}),

    campaign_stage as (select * from {{ source("published", "campaign_stage") }}),

    stages as (select stage, count(*) as campaign_count from dim_campaign group by stage)

select 'campaign' as of_what, coalesce(dim_campaign.campaign_key, campaign.campaign_key) as told
from dim_campaign
full outer join campaign on dim_campaign.campaign_key = campaign.campaign_key
where
    dim_campaign.stage is distinct from campaign.stage
    or dim_campaign.cost_gbp is distinct from campaign.cost_gbp
    or dim_campaign.definition_text is distinct from campaign.definition_text
    or dim_campaign.starts_date is distinct from campaign.starts_date
    or dim_campaign.completed_date is distinct from campaign.completed_date
union all
select 'stage' as of_what, coalesce(campaign_stage.stage, stages.stage) as told
from campaign_stage
full outer join stages on campaign_stage.stage = stages.stage
where campaign_stage.campaign_count is distinct from coalesce(stages.campaign_count, 0)
