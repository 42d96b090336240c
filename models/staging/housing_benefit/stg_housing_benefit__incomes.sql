with income as (select * from {{ source("landing", "housing_benefit__income") }})

select
    extract_id,
    district_code,
    month,
    claim_key,
    person_role,
    income_code,
    income_kind,
    income_gbp,
    income_period,
    valid_from,
    valid_to
from income
