-- Reported by officers, and recognised from extracts of later months: kept apart, never added.
with

    campaigns as (select * from {{ ref("dim_campaign") }}),

    contacts as (select * from {{ ref("fct_campaign_contacts") }}),

    reported_outcomes as (select * from {{ ref("stg_campaigns__reported_outcomes") }}),

    recognised as (select * from {{ ref("fct_campaign_awards") }}),

    cohorts as (
        select contacts.*, campaigns.frozen_date
        from contacts
        inner join campaigns on contacts.campaign_key = campaigns.campaign_key
    ),

    outcomes as (
        select
            campaign_key,
            household_key,
            'reported' as outcome_source,
            applied_date,
            awarded_date,
            one_off_gbp,
            annualised_gbp,
            lifetime_gbp,
            back_dated_gbp
        from reported_outcomes
        where applied_date is not null or awarded_date is not null
        union all
        select
            campaign_key,
            household_key,
            'recognised' as outcome_source,
            cast(null as date) as applied_date,
            awarded_date,
            one_off_gbp,
            annualised_gbp,
            cast(null as decimal(18, 2)) as lifetime_gbp,
            cast(null as decimal(18, 2)) as back_dated_gbp
        from recognised
    )

select
    outcomes.campaign_key,
    cohorts.district_code,
    outcomes.household_key,
    cohorts.arm,
    cohorts.month,
    outcomes.outcome_source,
    outcomes.applied_date,
    outcomes.awarded_date,
    -- An award from before the contact was not waited for.
    case
        when outcomes.awarded_date >= coalesce(cohorts.contacted_date, cohorts.frozen_date)
        then
            cast(
                {{
                    days_between(
                        "coalesce(cohorts.contacted_date, cohorts.frozen_date)",
                        "outcomes.awarded_date",
                    )
                }} as integer
            )
    end as days_until_award_count,
    cast(outcomes.one_off_gbp as decimal(18, 2)) as one_off_gbp,
    cast(outcomes.annualised_gbp as decimal(18, 2)) as annualised_gbp,
    cast(outcomes.lifetime_gbp as decimal(18, 2)) as lifetime_gbp,
    cast(outcomes.back_dated_gbp as decimal(18, 2)) as back_dated_gbp,
    {{ build_id() }} as build_id
from outcomes
inner join
    cohorts
    on outcomes.campaign_key = cohorts.campaign_key
    and outcomes.household_key = cohorts.household_key
