-- A household of several campaigns counts once, with all that they brought it.
with

    outcomes as (
        select *
        from {{ ref("fct_campaign_outcomes") }}
        where arm = 'contact' and awarded_date is not null
    )

select
    district_code,
    household_key,
    outcome_source,
    min(month) as month,
    cast(count(*) as integer) as campaign_count,
    cast(coalesce(sum(one_off_gbp), 0) as decimal(18, 2)) as one_off_gbp,
    cast(coalesce(sum(annualised_gbp), 0) as decimal(18, 2)) as annualised_gbp,
    cast(coalesce(sum(lifetime_gbp), 0) as decimal(18, 2)) as lifetime_gbp,
    cast(coalesce(sum(back_dated_gbp), 0) as decimal(18, 2)) as back_dated_gbp,
    {{ build_id() }} as build_id
from outcomes
group by district_code, household_key, outcome_source
