-- Every change that is for all counties, or for this one, and no other.
with
    seed as (
        select *
        from {{ ref("policy_changes") }}
        where
            county_code is null
            or county_code = (select county_code from {{ ref("stg_configuration__county") }})
    )

select coalesce(seed.policy_change_code, listed.policy_change_code) as policy_change_code
from seed
full outer join
    {{ ref("dim_policy_change") }} as listed on seed.policy_change_code = listed.policy_change_code
where
    seed.policy_change_code is null
    or listed.policy_change_code is null
    or seed.change_date <> listed.change_date
    or seed.standing <> listed.standing
