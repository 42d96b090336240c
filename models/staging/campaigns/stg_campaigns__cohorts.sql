with cohort as (select * from {{ source("campaigns", "cohort") }})

select
    campaign_key,
    district_code,
    household_key,
    arm,
    month,
    age_group,
    living_standards_class,
    has_partner,
    has_children,
    expected_gbp,
    is_linked,
    joined_count
from cohort
