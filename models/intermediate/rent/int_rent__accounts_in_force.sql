{{ config(materialized="view") }}

with

    accounts as (select * from {{ ref("stg_rent__accounts") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }})

select
    accounts.district_code,
    accounts.month,
    accounts.rent_account_key,
    accounts.dwelling_key,
    accounts.lsoa_code,
    accounts.tenancy,
    accounts.tenancy_start_date,
    accounts.tenancy_end_date,
    coalesce(
        accounts.tenancy_end_date <= {{ last_day_of("accounts.month") }}, false
    ) as is_closed_account,
    accounts.weekly_rent_gbp,
    accounts.weekly_service_charge_gbp,
    accounts.balance_gbp,
    accounts.has_managed_uc_payment,
    accounts.has_deceased_marker,
    accounts.has_breathing_space_marker,
    accounts.has_sensitive_marker,
    accounts.has_contact_opt_out_marker
from accounts
inner join extract_in_force on accounts.extract_id = extract_in_force.extract_id
