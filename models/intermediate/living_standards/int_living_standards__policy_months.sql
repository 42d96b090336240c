with

    policy_changes as (select * from {{ ref("policy_changes") }} where standing = 'confirmed'),

    -- An assessment period that begins after the change mostly ends in the month after it, and
    -- Universal Credit stands in the month in which its period ends.
    months_in_which_it_shows as (
        select
            policy_change_code,
            touches as component,
            cast(date_trunc('month', change_date) as date) as month
        from policy_changes
        union all
        select
            policy_change_code,
            touches as component,
            cast(date_trunc('month', change_date) + interval '1 month' as date) as month
        from policy_changes
        where touches = 'universal_credit'
    )

-- Several changes of one day cannot be told apart in an award: the first by name stands for them.
select component, month, min(policy_change_code) as policy_change_code
from months_in_which_it_shows
group by component, month
