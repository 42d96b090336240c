with

    fct_campaign_contacts as (select * from {{ ref("fct_campaign_contacts") }}),

    fct_campaign_outcomes as (select * from {{ ref("fct_campaign_outcomes") }}),

    contacts as (
        select
            campaign_key,
            district_code,
            count(case when arm = 'contact' then 1 end) as household_count,
            count(contacted_date) as contacted_count
        from fct_campaign_contacts
        group by campaign_key, district_code
    ),

    outcomes as (
        select
            campaign_key,
            district_code,
            count(case when outcome_source = 'reported' then awarded_date end) as awarded_count,
            count(
                case when outcome_source = 'recognised' and arm = 'contact' then 1 end
            ) as recognised_count,
            coalesce(
                sum(case when outcome_source = 'reported' then annualised_gbp end), 0
            ) as annualised_gbp,
            coalesce(
                sum(case when outcome_source = 'reported' then one_off_gbp end), 0
            ) as one_off_gbp
        from fct_campaign_outcomes
        group by campaign_key, district_code
    ),

    shown as (select * from {{ source("published", "district_campaign") }})

select contacts.campaign_key, contacts.district_code, shown.campaign_key as published_campaign_key
from contacts
left join
    outcomes
    on contacts.campaign_key = outcomes.campaign_key
    and contacts.district_code = outcomes.district_code
full outer join
    shown
    on contacts.campaign_key = shown.campaign_key
    and contacts.district_code = shown.district_code
where
    contacts.campaign_key is null
    or shown.campaign_key is null
    or {{ is_not_rounded_from("shown.household_count", "contacts.household_count", 2) }}
    or {{ is_not_rounded_from("shown.contacted_count", "contacts.contacted_count", 2) }}
    or {{ is_not_rounded_from("shown.awarded_count", "coalesce(outcomes.awarded_count, 0)", 2) }}
    or {{
        is_not_rounded_from(
            "shown.recognised_count", "coalesce(outcomes.recognised_count, 0)", 2
        )
    }}
    or
    {{ is_not_rounded_from("shown.annualised_gbp", "coalesce(outcomes.annualised_gbp, 0)", 500) }}
    or {{ is_not_rounded_from("shown.one_off_gbp", "coalesce(outcomes.one_off_gbp, 0)", 500) }}
