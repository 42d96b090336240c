with member as (select * from {{ source("landing", "housing_benefit__member") }})

select
    extract_id,
    district_code,
    month,
    claim_key,
    member_key,
    member_role,
    age_at_month_end,
    is_born_from_2017_04_06,
    valid_from,
    valid_to,
    non_dependant_status_code,
    weekly_deduction_gbp,
    weekly_gross_income_gbp,
    is_disabled,
    is_carer
from member
