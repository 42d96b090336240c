with account as (select * from {{ source("landing", "council_tax__account") }})

select
    extract_id,
    district_code,
    month,
    account_key,
    property_key,
    dwelling_key,
    lsoa_code,
    band,
    is_disabled_band,
    liability_start_date,
    liability_end_date,
    lead_name_key,
    joint_name_key,
    discount_kind,
    exemption_class,
    payment_method,
    attachment_kind,
    has_deceased_marker,
    has_breathing_space_marker,
    has_insolvency_marker,
    has_sensitive_marker,
    has_contact_opt_out_marker,
    is_anonymous_elector
from account
