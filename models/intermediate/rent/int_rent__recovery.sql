{{ config(schema="slices", tags=["month_local"]) }}

with

    actions as (select * from {{ ref("stg_rent__actions") }}),

    agreements as (select * from {{ ref("stg_rent__agreements") }}),

    stages as (select * from {{ ref("rent_action_stages") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    -- A notice that has lapsed by the month's end has no force any more.
    steps_standing as (
        select
            actions.district_code,
            actions.month,
            actions.rent_account_key,
            actions.action_kind,
            actions.action_date,
            stages.stage_order
        from actions
        inner join extract_in_force on actions.extract_id = extract_in_force.extract_id
        inner join stages on actions.action_kind = stages.action_kind
        where
            stages.is_stage
            and (
                actions.expiry_date is null
                or actions.expiry_date > {{ last_day_of("actions.month") }}
            )
    ),

    -- Systems keep earlier steps beside the newest: the one nearest to losing the home counts, then
    -- the later.
    steps_ranked as (
        select
            *,
            row_number() over (
                partition by district_code, month, rent_account_key
                order by stage_order desc, action_date desc, action_kind
            ) as step_rank
        from steps_standing
    ),

    furthest_steps as (select * from steps_ranked where step_rank = 1),

    kept_agreements as (
        select
            agreements.district_code,
            agreements.month,
            agreements.rent_account_key,
            count(*) as agreement_count
        from agreements
        inner join extract_in_force on agreements.extract_id = extract_in_force.extract_id
        where agreements.agreement_status = 'kept'
        group by agreements.district_code, agreements.month, agreements.rent_account_key
    )

select
    coalesce(furthest_steps.district_code, kept_agreements.district_code) as district_code,
    coalesce(furthest_steps.month, kept_agreements.month) as month,
    coalesce(furthest_steps.rent_account_key, kept_agreements.rent_account_key) as rent_account_key,
    coalesce(furthest_steps.action_kind, 'none') as action_stage,
    coalesce(furthest_steps.stage_order, 0) as stage_order,
    kept_agreements.agreement_count is not null as has_kept_agreement,
    {{ build_id() }} as build_id
from furthest_steps
full outer join
    kept_agreements
    on furthest_steps.district_code = kept_agreements.district_code
    and furthest_steps.month = kept_agreements.month
    and furthest_steps.rent_account_key = kept_agreements.rent_account_key
