with pupil as (select * from {{ source("landing", "free_school_meals__pupil") }})

select
    extract_id,
    district_code as service_code,
    month,
    pupil_key,
    lsoa_code,
    age_at_month_end,
    school_code,
    year_group,
    is_entitled,
    is_registered,
    entitlement_ground,
    registered_from
from pupil
