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
    stage,
    approved_date,
    frozen_date,
    frozen_build_id,
    completed_date
from campaign
