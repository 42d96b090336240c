-- The same as `lsi scheme model` holds against each other, household by household.
with

    options as (select * from {{ ref("int_proposal_options") }}),

    scheme_awards as (select * from {{ ref("int_caseload_scheme_awards") }}),

    households as (
        select * from {{ ref("int_caseload_households") }} where cts_age_group = 'working'
    ),

    option_awards as (
        select
            options.proposal_key,
            options.option_key,
            households.*,
            case
                when options.scheme_key is not null then scheme_awards.not_assessable_reason
            end as not_assessable_reason,
            case
                when options.scheme_key is null
                then cast(households.weekly_award_gbp * 52 as decimal(18, 2))
                else scheme_awards.award_gbp
            end as award_gbp
        from options
        inner join
            households
            on options.district_code = households.district_code
            and options.month = households.month
        left join
            scheme_awards
            on households.unit_number = scheme_awards.unit_number
            and options.scheme_key = scheme_awards.scheme_key
    ),

    doing_nothing as (select * from option_awards where option_key = 'do_nothing'),

    held_against as (
        select
            option_awards.*,
            coalesce(option_awards.not_assessable_reason, doing_nothing.not_assessable_reason)
            is null as is_compared,
            doing_nothing.award_gbp as base_gbp
        from option_awards
        inner join
            doing_nothing
            on option_awards.proposal_key = doing_nothing.proposal_key
            and option_awards.unit_number = doing_nothing.unit_number
    )

select
    proposal_key,
    option_key,
    unit_number,
    district_code,
    month,
    is_compared,
    case when is_compared then award_gbp end as award_gbp,
    case when is_compared then base_gbp end as base_gbp,
    case when is_compared then award_gbp - base_gbp end as change_gbp,
    -- Less than a pound a week either way is rounding between systems.
    case
        when not is_compared
        then null
        when award_gbp - base_gbp >= 52
        then 'gainer'
        when award_gbp - base_gbp <= -52
        then 'loser'
        else 'unchanged'
    end as effect,
    household_type,
    -- The few of whom no extract tells would hide the others of a trait.
    case when tenure = 'not_told' then 'owner' else tenure end as tenure,
    case
        when claimant_age is null
        then 'not_told'
        when claimant_age < 25
        then 'under_25'
        when claimant_age < 35
        then '25_to_34'
        when claimant_age < 50
        then '35_to_49'
        else '50_and_over'
    end as age_band,
    case when has_disability then 'yes' else 'no' end as disability,
    case when has_carer then 'yes' else 'no' end as carer
from held_against
