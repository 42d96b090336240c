-- Straight from the outcomes: a household of several campaigns is one household.
with

    fct_campaign_outcomes as (select * from {{ ref("fct_campaign_outcomes") }}),

    outcomes as (
        select
            outcome_source,
            count(distinct household_key) as household_count,
            coalesce(sum(annualised_gbp), 0) as annualised_gbp,
            coalesce(sum(one_off_gbp), 0) as one_off_gbp,
            coalesce(sum(back_dated_gbp), 0) as back_dated_gbp,
            coalesce(sum(lifetime_gbp), 0) as lifetime_gbp
        from fct_campaign_outcomes
        where arm = 'contact' and awarded_date is not null
        group by outcome_source
    ),

    shown as (select * from {{ source("published", "county_campaign_income") }})

select outcomes.outcome_source, shown.outcome_source as published_outcome_source
from outcomes
full outer join shown on outcomes.outcome_source = shown.outcome_source
where
    outcomes.outcome_source is null
    or shown.outcome_source is null
    or {{ is_not_rounded_from("shown.household_count", "outcomes.household_count", 2) }}
    or {{ is_not_rounded_from("shown.annualised_gbp", "outcomes.annualised_gbp", 500) }}
    or {{ is_not_rounded_from("shown.one_off_gbp", "outcomes.one_off_gbp", 500) }}
    or {{ is_not_rounded_from("shown.back_dated_gbp", "outcomes.back_dated_gbp", 500) }}
    or {{ is_not_rounded_from("shown.lifetime_gbp", "outcomes.lifetime_gbp", 500) }}
