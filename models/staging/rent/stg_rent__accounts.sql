with account as (select * from {{ source("landing", "rent__account") }})

select
    extract_id,
    district_code,
    month,
    rent_account_key,
    dwelling_key,
    lsoa_code,
    tenant_age_at_month_end,
    tenancy,
    tenancy_start_date,
    tenancy_end_date,
    weekly_rent_gbp,
    weekly_service_charge_gbp,
    balance_gbp,
    has_managed_uc_payment,
    has_deceased_marker,
    has_breathing_space_marker,
    has_sensitive_marker,
    has_contact_opt_out_marker
from account
