with
    policy_changes as (select * from {{ ref("policy_changes") }}),

    county as (select * from {{ ref("stg_configuration__county") }}),

    of_this_county as (
        select policy_changes.*
        from policy_changes
        left join county on policy_changes.county_code = county.county_code
        where policy_changes.county_code is null or county.county_code is not null
    )

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
from of_this_county
