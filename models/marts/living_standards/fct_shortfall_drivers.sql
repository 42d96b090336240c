with

    moves as (select * from {{ ref("fct_shortfall_moves") }}),

    policy_changes as (select * from {{ ref("dim_policy_change") }} where standing = 'confirmed'),

    -- Universal Credit changes with the assessment period that begins on the day or after it, all
    -- else with the month of the day. Of several changes that touch one part, the first by name
    -- stands for them.
    policies_found as (
        select
            moves.household_key,
            moves.month,
            min(policy_changes.policy_change_code) as policy_change_code
        from moves
        inner join
            policy_changes
            on coalesce(moves.benefit, moves.component) = policy_changes.touches
            and case
                when policy_changes.touches = 'universal_credit'
                then
                    moves.uc_period_start_before < policy_changes.change_date
                    and moves.uc_period_start >= policy_changes.change_date
                else moves.month = policy_changes.month
            end
        where not moves.is_told_otherwise and not moves.is_household_changed
        group by moves.household_key, moves.month
    )

select
    moves.district_code,
    moves.household_key,
    moves.month,
    moves.lsoa_code,
    moves.movement,
    case
        when moves.is_told_otherwise
        then 'told_by_another_source'
        when moves.is_household_changed
        then 'household_changed'
        when policies_found.policy_change_code is not null
        then 'policy_changed'
        else moves.component
    end as driver,
    policies_found.policy_change_code,
    {{ build_id() }} as build_id
from moves
left join
    policies_found
    on moves.household_key = policies_found.household_key
    and moves.month = policies_found.month
