{{ config(materialized="view") }}

with

    accounts as (select * from {{ ref("int_rent__accounts_in_force") }}),

    recovery as (select * from {{ ref("int_rent__recovery") }}),

    stages as (select * from {{ ref("rent_action_stages") }}),

    court as (select stage_order from stages where action_kind = 'court_application')

select
    accounts.district_code,
    accounts.rent_account_key,
    accounts.month,
    -- An agreement that is kept holds off what came before court; from there on the step counts.
    case
        when recovery.has_kept_agreement and recovery.stage_order < court.stage_order
        then 'arrangement'
        else coalesce(recovery.action_stage, 'none')
    end as recovery_stage,
    accounts.is_closed_account,
    greatest(accounts.balance_gbp, 0) as owed_gbp,
    greatest(- accounts.balance_gbp, 0) as credit_gbp
from accounts
cross join court
left join
    recovery
    on accounts.district_code = recovery.district_code
    and accounts.rent_account_key = recovery.rent_account_key
    and accounts.month = recovery.month
