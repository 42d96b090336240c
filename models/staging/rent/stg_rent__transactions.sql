with rent_transaction as (select * from {{ source("landing", "rent__transaction") }})

select
    extract_id,
    district_code,
    month,
    rent_account_key,
    posted_date,
    transaction_kind,
    transaction_gbp
from rent_transaction
