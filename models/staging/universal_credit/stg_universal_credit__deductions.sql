with deduction as (select * from {{ source("landing", "universal_credit__deduction") }})

select extract_id, district_code, month, uc_key, period_start, deduction_reason, deduction_gbp
from deduction
