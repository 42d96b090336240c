with household_rent_accounts as (select * from {{ ref("int_household_rent_accounts") }})

select
    district_code,
    rent_account_key,
    household_key,
    rule,
    share_ratio,
    is_joint,
    {{ build_id() }} as build_id
from household_rent_accounts
