with

    income as (select * from {{ ref("fct_campaign_income") }}),

    outcomes as (
        select *
        from {{ ref("fct_campaign_outcomes") }}
        where arm = 'contact' and awarded_date is not null
    ),

    brought as (
        select
            outcome_source,
            district_code,
            sum(campaign_count) as campaigns,
            sum(one_off_gbp) as one_off,
            sum(annualised_gbp) as annualised,
            sum(lifetime_gbp) as lifetime,
            sum(back_dated_gbp) as back_dated
        from income
        group by outcome_source, district_code
    ),

    told as (
        select
            outcome_source,
            district_code,
            count(*) as campaigns,
            coalesce(sum(one_off_gbp), 0) as one_off,
            coalesce(sum(annualised_gbp), 0) as annualised,
            coalesce(sum(lifetime_gbp), 0) as lifetime,
            coalesce(sum(back_dated_gbp), 0) as back_dated
        from outcomes
        group by outcome_source, district_code
    )

select told.outcome_source, told.district_code, brought.district_code as brought_district_code
from told
full outer join
    brought
    on told.outcome_source = brought.outcome_source
    and told.district_code = brought.district_code
where
    told.campaigns is distinct from brought.campaigns
    or told.one_off is distinct from brought.one_off
    or told.annualised is distinct from brought.annualised
    or told.lifetime is distinct from brought.lifetime
    or told.back_dated is distinct from brought.back_dated
