with award as (select * from {{ source("landing", "discretionary_awards__award") }})

select
    extract_id,
    district_code,
    month,
    award_key,
    lsoa_code,
    applicant_age_at_month_end,
    fund,
    award_reason,
    decided_date,
    award_from,
    award_to,
    award_gbp
from award
