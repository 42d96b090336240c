-- Reported and recognised apart, and each arm for itself.
with

    fct_campaign_contacts as (select * from {{ ref("fct_campaign_contacts") }}),

    fct_campaign_outcomes as (select * from {{ ref("fct_campaign_outcomes") }}),

    contacts as (
        select
            campaign_key,
            count(case when arm = 'contact' then 1 end) as household_count,
            count(case when arm = 'holdout' then 1 end) as holdout_count,
            count(case when arm = 'comparison' then 1 end) as comparison_count,
            count(contacted_date) as contacted_count,
            count(reached_date) as reached_count,
            coalesce(sum(case when arm = 'contact' then expected_gbp end), 0) as expected_gbp
        from fct_campaign_contacts
        group by campaign_key
    ),

    reported as (
        select
            campaign_key,
            count(applied_date) as applied_count,
            count(awarded_date) as awarded_count,
            coalesce(sum(annualised_gbp), 0) as annualised_gbp,
            coalesce(sum(one_off_gbp), 0) as one_off_gbp,
            coalesce(sum(back_dated_gbp), 0) as back_dated_gbp,
            coalesce(sum(lifetime_gbp), 0) as lifetime_gbp
        from fct_campaign_outcomes
        where outcome_source = 'reported'
        group by campaign_key
    ),

    recognised as (
        select
            campaign_key,
            count(case when arm = 'contact' then 1 end) as recognised_count,
            count(case when arm = 'holdout' then 1 end) as holdout_recognised_count,
            count(case when arm = 'comparison' then 1 end) as comparison_recognised_count,
            coalesce(
                sum(case when arm = 'contact' then annualised_gbp end), 0
            ) as recognised_annualised_gbp,
            coalesce(
                sum(case when arm = 'contact' then one_off_gbp end), 0
            ) as recognised_one_off_gbp
        from fct_campaign_outcomes
        where outcome_source = 'recognised'
        group by campaign_key
    ),

    shown as (select * from {{ source("published", "county_campaign") }})

select contacts.campaign_key, shown.campaign_key as published_campaign_key
from contacts
left join reported on contacts.campaign_key = reported.campaign_key
left join recognised on contacts.campaign_key = recognised.campaign_key
full outer join shown on contacts.campaign_key = shown.campaign_key
where
    contacts.campaign_key is null
    or shown.campaign_key is null
    or {{ is_not_rounded_from("shown.household_count", "contacts.household_count", 2) }}
    or {{ is_not_rounded_from("shown.holdout_count", "contacts.holdout_count", 2) }}
    or {{ is_not_rounded_from("shown.comparison_count", "contacts.comparison_count", 2) }}
    or {{ is_not_rounded_from("shown.contacted_count", "contacts.contacted_count", 2) }}
    or {{ is_not_rounded_from("shown.reached_count", "contacts.reached_count", 2) }}
    or {{ is_not_rounded_from("shown.expected_gbp", "contacts.expected_gbp", 500) }}
    or {{ is_not_rounded_from("shown.applied_count", "coalesce(reported.applied_count, 0)", 2) }}
    or {{ is_not_rounded_from("shown.awarded_count", "coalesce(reported.awarded_count, 0)", 2) }}
    or
    {{ is_not_rounded_from("shown.annualised_gbp", "coalesce(reported.annualised_gbp, 0)", 500) }}
    or {{ is_not_rounded_from("shown.one_off_gbp", "coalesce(reported.one_off_gbp, 0)", 500) }}
    or
    {{ is_not_rounded_from("shown.back_dated_gbp", "coalesce(reported.back_dated_gbp, 0)", 500) }}
    or {{ is_not_rounded_from("shown.lifetime_gbp", "coalesce(reported.lifetime_gbp, 0)", 500) }}
    or {{
        is_not_rounded_from(
            "shown.recognised_count", "coalesce(recognised.recognised_count, 0)", 2
        )
    }}
    or {{
        is_not_rounded_from(
            "shown.holdout_recognised_count",
            "coalesce(recognised.holdout_recognised_count, 0)",
            2,
        )
    }}
    or {{
        is_not_rounded_from(
            "shown.comparison_recognised_count",
            "coalesce(recognised.comparison_recognised_count, 0)",
            2,
        )
    }}
    or {{
        is_not_rounded_from(
            "shown.recognised_annualised_gbp",
            "coalesce(recognised.recognised_annualised_gbp, 0)",
            500,
        )
    }}
    or {{
        is_not_rounded_from(
            "shown.recognised_one_off_gbp",
            "coalesce(recognised.recognised_one_off_gbp, 0)",
            500,
        )
    }}
