with campaign as (select * from {{ source("campaigns", "campaign") }})

select
    campaign_key,
    campaign_name,
    purpose,
    gateway,
    owner,
    benefit_code,
    channel,
    holdout_pct,
    starts_date,
    ends_date,
    let_go_date,
    cost_gbp,
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
    compared_with
from campaign
