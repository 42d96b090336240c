{{ config(materialized="view") }}

with

    accounts as (select * from {{ ref("stg_council_tax__accounts") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }})

select
    accounts.district_code,
    accounts.month,
    accounts.account_key,
    accounts.dwelling_key,
    accounts.lsoa_code,
    accounts.band,
    accounts.is_disabled_band,
    accounts.liability_start_date,
    accounts.liability_end_date,
    -- Liability runs to the day before the end date that systems record, so an account that ends
    -- on the first of next month is still open at month end.
    coalesce(
        accounts.liability_end_date <= {{ last_day_of("accounts.month") }}, false
    ) as is_closed_account,
    accounts.discount_kind,
    accounts.exemption_class,
    accounts.payment_method,
    accounts.attachment_kind,
    accounts.has_deceased_marker,
    accounts.has_breathing_space_marker,
    accounts.has_insolvency_marker,
    accounts.has_sensitive_marker,
    accounts.has_contact_opt_out_marker,
    accounts.is_anonymous_elector
from accounts
inner join extract_in_force on accounts.extract_id = extract_in_force.extract_id
