select coalesce(seed.policy_change_code, listed.policy_change_code) as policy_change_code
from {{ ref("policy_changes") }} as seed
full outer join
    {{ ref("dim_policy_change") }} as listed on seed.policy_change_code = listed.policy_change_code
where
    seed.policy_change_code is null
    or listed.policy_change_code is null
    or seed.change_date <> listed.change_date
    or seed.standing <> listed.standing
