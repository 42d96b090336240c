with

    cohorts as (select * from {{ ref("stg_campaigns__cohorts") }}),

    reported_outcomes as (select * from {{ ref("stg_campaigns__reported_outcomes") }})

select
    cohorts.campaign_key,
    cohorts.district_code,
    cohorts.household_key,
    cohorts.arm,
    cohorts.month,
    cohorts.age_group,
    cohorts.living_standards_class,
    cohorts.has_partner,
    cohorts.has_children,
    cast(cohorts.expected_gbp as decimal(18, 2)) as expected_gbp,
    reported_outcomes.contacted_date,
    reported_outcomes.reached_date,
    cohorts.is_linked,
    cast(cohorts.joined_count as integer) as joined_count,
    {{ build_id() }} as build_id
from cohorts
left join
    reported_outcomes
    on cohorts.campaign_key = reported_outcomes.campaign_key
    and cohorts.household_key = reported_outcomes.household_key
