-- What extracts of later months tell, of those contacted and of those held out alike.
with

    campaigns as (select * from {{ ref("dim_campaign") }}),

    contacts as (select * from {{ ref("fct_campaign_contacts") }}),

    entitlements as (select * from {{ ref("fct_entitlements") }}),

    pupils as (select * from {{ ref("fct_free_school_meals") }} where household_key is not null),

    discretionary_awards as (
        select * from {{ ref("fct_discretionary_awards") }} where household_key is not null
    ),

    cohorts as (
        select contacts.*, campaigns.benefit_code, campaigns.frozen_date
        from contacts
        inner join campaigns on contacts.campaign_key = campaigns.campaign_key
    ),

    paid_then as (
        select
            cohorts.campaign_key,
            cohorts.household_key,
            coalesce(entitlements.in_payment_gbp, 0) as in_payment_gbp
        from cohorts
        left join
            entitlements
            on cohorts.household_key = entitlements.household_key
            and cohorts.benefit_code = entitlements.benefit_code
            and cohorts.month = entitlements.month
    ),

    -- A pound a week more than then; less is uprating and rounding.
    paid_since as (
        select
            cohorts.campaign_key,
            cohorts.household_key,
            entitlements.month as awarded_date,
            (entitlements.in_payment_gbp - paid_then.in_payment_gbp) * 12 as annualised_gbp,
            cast(null as decimal(18, 2)) as one_off_gbp,
            row_number() over (
                partition by cohorts.campaign_key, cohorts.household_key order by entitlements.month
            ) as place
        from cohorts
        inner join
            paid_then
            on cohorts.campaign_key = paid_then.campaign_key
            and cohorts.household_key = paid_then.household_key
        inner join
            entitlements
            on cohorts.household_key = entitlements.household_key
            and cohorts.benefit_code = entitlements.benefit_code
            and cohorts.month < entitlements.month
        where (entitlements.in_payment_gbp - paid_then.in_payment_gbp) * 12 >= 52
    ),

    recognised as (
        select campaign_key, household_key, awarded_date, annualised_gbp, one_off_gbp
        from paid_since
        -- The first month with the award: later ones are the same award again.
        where place = 1
        union all
        select
            cohorts.campaign_key,
            cohorts.household_key,
            min(pupils.registered_from) as awarded_date,
            cast(null as decimal(18, 2)) as annualised_gbp,
            cast(null as decimal(18, 2)) as one_off_gbp
        from cohorts
        inner join
            pupils
            on cohorts.household_key = pupils.household_key
            and cohorts.frozen_date <= pupils.registered_from
        where cohorts.benefit_code = 'fsm' and pupils.is_registered
        group by cohorts.campaign_key, cohorts.household_key
        union all
        select
            cohorts.campaign_key,
            cohorts.household_key,
            min(discretionary_awards.decided_date) as awarded_date,
            cast(null as decimal(18, 2)) as annualised_gbp,
            sum(discretionary_awards.award_gbp) as one_off_gbp
        from cohorts
        inner join
            discretionary_awards
            on cohorts.household_key = discretionary_awards.household_key
            and cohorts.frozen_date <= discretionary_awards.decided_date
        where cohorts.benefit_code = 'discretionary'
        group by cohorts.campaign_key, cohorts.household_key
    )

select
    recognised.campaign_key,
    cohorts.district_code,
    recognised.household_key,
    cohorts.arm,
    recognised.awarded_date,
    cast(recognised.annualised_gbp as decimal(18, 2)) as annualised_gbp,
    cast(recognised.one_off_gbp as decimal(18, 2)) as one_off_gbp,
    {{ build_id() }} as build_id
from recognised
inner join
    cohorts
    on recognised.campaign_key = cohorts.campaign_key
    and recognised.household_key = cohorts.household_key
