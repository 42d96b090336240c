with

    stages as (select * from {{ ref("fct_campaign_stages") }}),

    campaigns as (select * from {{ ref("dim_campaign") }}),

    told as (
        select
            count(*) as stage_count,
            sum(campaign_count) as campaign_count,
            sum(reached_count) as reached_count
        from stages
    ),

    places as (
        select
            count(*) as campaign_count,
            sum(
                case
                    stage
                    when 'planned'
                    then 1
                    when 'approved'
                    then 2
                    when 'running'
                    then 3
                    when 'completed'
                    then 4
                    when 'evaluated'
                    then 5
                end
            ) as reached_count
        from campaigns
    )

select told.stage_count, told.campaign_count, told.reached_count
from told
cross join places
where
    told.stage_count <> 5
    or told.campaign_count <> places.campaign_count
    or told.reached_count <> coalesce(places.reached_count, 0)
