with campaigns as (select * from {{ ref("stg_campaigns__campaigns") }})

select
    campaign_key,
    campaign_name,
    purpose,
    gateway,
    owner,
    benefit_code,
    channel,
    cast(holdout_pct as decimal(5, 2)) as holdout_pct,
    starts_date,
    ends_date,
    let_go_date,
    cast(cost_gbp as decimal(18, 2)) as cost_gbp,
    filter_text,
    definition_text,
    district_slugs,
    stage,
    approved_date,
    frozen_date,
    frozen_build_id,
    completed_date,
    evaluated_date,
    evaluated_build_id,
    verdict,
    compared_with,
    {{ build_id() }} as build_id
from campaigns
