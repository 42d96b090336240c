with policy_changes as (select * from {{ ref("policy_changes") }})

select
    policy_change_code,
    change_date,
    cast(date_trunc('month', change_date) as date) as month,
    policy_name,
    what_changes,
    touches,
    standing,
    legal_basis,
    source,
    {{ build_id() }} as build_id
from policy_changes
