with award as (select * from {{ source("landing", "cts__award") }})

select
    extract_id,
    district_code,
    month,
    claim_key,
    account_key,
    partner_nino_key is not null or partner_name_dob_key is not null as has_partner,
    claimant_age_at_month_end,
    claimant_pension_age_month,
    partner_age_at_month_end,
    partner_pension_age_month,
    cts_age_group,
    is_on_uc,
    is_passported,
    dependant_count,
    non_dependant_count,
    award_status,
    award_from,
    award_to,
    weekly_council_tax_gbp,
    weekly_income_gbp,
    weekly_award_gbp,
    posted_credit_gbp,
    retrospective_adjustment_gbp
from award
