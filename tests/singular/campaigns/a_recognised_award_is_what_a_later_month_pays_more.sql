-- And no later award of the campaign's benefit is missed; outcomes repeat it and nothing else.
with

    awards as (select * from {{ ref("fct_campaign_awards") }}),

    outcomes as (
        select * from {{ ref("fct_campaign_outcomes") }} where outcome_source = 'recognised'
    ),

    contacts as (select * from {{ ref("fct_campaign_contacts") }}),

    campaigns as (select * from {{ ref("dim_campaign") }}),

    entitlements as (select * from {{ ref("fct_entitlements") }}),

    discretionary_awards as (
        select * from {{ ref("fct_discretionary_awards") }} where household_key is not null
    ),

    cohorts as (
        select
            contacts.campaign_key,
            contacts.household_key,
            contacts.month,
            campaigns.benefit_code,
            campaigns.frozen_date
        from contacts
        inner join campaigns on contacts.campaign_key = campaigns.campaign_key
    ),

    paid as (
        select
            cohorts.campaign_key,
            cohorts.household_key,
            entitlements.month,
            entitlements.in_payment_gbp,
            max(
                case when entitlements.month = cohorts.month then entitlements.in_payment_gbp end
            ) over (partition by cohorts.campaign_key, cohorts.household_key) as paid_then_gbp,
            entitlements.month > cohorts.month as is_later
        from cohorts
        inner join
            entitlements
            on cohorts.household_key = entitlements.household_key
            and cohorts.benefit_code = entitlements.benefit_code
    ),

    expected as (
        select campaign_key, household_key, min(month) as month
        from paid
        where is_later and (in_payment_gbp - coalesce(paid_then_gbp, 0)) * 12 >= 52
        group by campaign_key, household_key
    ),

    expected_pounds as (
        select
            expected.campaign_key,
            expected.household_key,
            (paid.in_payment_gbp - coalesce(paid.paid_then_gbp, 0)) * 12 as annualised_gbp
        from expected
        inner join
            paid
            on expected.campaign_key = paid.campaign_key
            and expected.household_key = paid.household_key
            and expected.month = paid.month
    ),

    expected_once as (
        select
            cohorts.campaign_key,
            cohorts.household_key,
            sum(discretionary_awards.award_gbp) as one_off_gbp
        from cohorts
        inner join
            discretionary_awards
            on cohorts.household_key = discretionary_awards.household_key
            and cohorts.frozen_date <= discretionary_awards.decided_date
        where cohorts.benefit_code = 'discretionary'
        group by cohorts.campaign_key, cohorts.household_key
    )

select 'a year' as what, coalesce(awards.household_key, expected_pounds.household_key) as household
from awards
full outer join
    expected_pounds
    on awards.campaign_key = expected_pounds.campaign_key
    and awards.household_key = expected_pounds.household_key
where
    awards.annualised_gbp is distinct from expected_pounds.annualised_gbp
    or (awards.household_key is null and expected_pounds.household_key is not null)
union all
select 'once' as what, coalesce(awards.household_key, expected_once.household_key) as household
from awards
full outer join
    expected_once
    on awards.campaign_key = expected_once.campaign_key
    and awards.household_key = expected_once.household_key
where awards.one_off_gbp is distinct from expected_once.one_off_gbp
union all
select 'told' as what, coalesce(awards.household_key, outcomes.household_key) as household
from awards
full outer join
    outcomes
    on awards.campaign_key = outcomes.campaign_key
    and awards.household_key = outcomes.household_key
where
    awards.annualised_gbp is distinct from outcomes.annualised_gbp
    or awards.one_off_gbp is distinct from outcomes.one_off_gbp
    or awards.awarded_date is distinct from outcomes.awarded_date
