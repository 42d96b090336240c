with

    campaigns as (select * from {{ ref("dim_campaign") }}),

    stages as (
        select 'planned' as stage, 1 as stage_number
        union all
        select 'approved' as stage, 2 as stage_number
        union all
        select 'running' as stage, 3 as stage_number
        union all
        select 'completed' as stage, 4 as stage_number
        union all
        select 'evaluated' as stage, 5 as stage_number
    ),

    standing as (select stage, count(*) as campaign_count from campaigns group by stage),

    counted as (
        select
            stages.stage,
            stages.stage_number,
            coalesce(standing.campaign_count, 0) as campaign_count
        from stages
        left join standing on stages.stage = standing.stage
    )

select
    stage,
    cast(stage_number as integer) as stage_number,
    cast(campaign_count as integer) as campaign_count,
    cast(sum(campaign_count) over (order by stage_number desc) as integer) as reached_count,
    {{ build_id() }} as build_id
from counted
