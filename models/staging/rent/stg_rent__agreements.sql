with agreement as (select * from {{ source("landing", "rent__agreement") }})

select
    extract_id,
    district_code,
    month,
    rent_account_key,
    agreement_from,
    agreement_to,
    instalment_gbp,
    instalment_period,
    agreement_status
from agreement
