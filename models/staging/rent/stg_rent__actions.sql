with arrears_action as (select * from {{ source("landing", "rent__action") }})

select extract_id, district_code, month, rent_account_key, action_kind, action_date, expiry_date
from arrears_action
