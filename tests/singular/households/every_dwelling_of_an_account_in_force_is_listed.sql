with

    accounts as (select * from {{ ref("int_council_tax__accounts_in_force") }}),

    dwellings as (select * from {{ ref("dim_dwelling") }}),

    with_accounts as (
        select district_code, dwelling_key, min(month) as first_month, max(month) as last_month
        from accounts
        group by district_code, dwelling_key
    )

select
    coalesce(with_accounts.district_code, dwellings.district_code) as district_code,
    coalesce(with_accounts.dwelling_key, dwellings.dwelling_key) as dwelling_key
from with_accounts
full outer join
    dwellings
    on with_accounts.district_code = dwellings.district_code
    and with_accounts.dwelling_key = dwellings.dwelling_key
where
    with_accounts.first_month is distinct from dwellings.first_month
    or with_accounts.last_month is distinct from dwellings.last_month
