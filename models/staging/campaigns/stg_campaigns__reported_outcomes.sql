with reported_outcome as (select * from {{ source("campaigns", "reported_outcome") }})

select
    campaign_key,
    district_code,
    household_key,
    contacted_on as contacted_date,
    reached_on as reached_date,
    applied_on as applied_date,
    awarded_on as awarded_date,
    one_off_gbp,
    annualised_gbp,
    lifetime_gbp,
    back_dated_gbp
from reported_outcome
