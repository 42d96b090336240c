with household_accounts as (select * from {{ ref("int_household_accounts") }})

select
    district_code,
    account_key,
    household_key,
    rule,
    share_ratio,
    is_joint,
    {{ build_id() }} as build_id
from household_accounts
