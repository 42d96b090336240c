{{ config(materialized="view") }}

with

    accounts as (select * from {{ ref("int_rent__accounts_in_force") }}),

    household_accounts as (select * from {{ ref("int_household_rent_accounts") }})

-- A household may rent a garage beside its home, and pays both.
select
    household_accounts.household_key,
    accounts.month,
    sum(
        cast(
            (accounts.weekly_rent_gbp + coalesce(accounts.weekly_service_charge_gbp, 0))
            * household_accounts.share_ratio
            * 52
            / 12 as decimal(18, 2)
        )
    ) as rent_gbp
from accounts
inner join
    household_accounts
    on accounts.district_code = household_accounts.district_code
    and accounts.rent_account_key = household_accounts.rent_account_key
where not accounts.is_closed_account and accounts.weekly_rent_gbp is not null
group by household_accounts.household_key, accounts.month
