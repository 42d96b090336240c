with

    accounts as (select * from {{ ref("int_council_tax__accounts_in_force") }}),

    dwellings as (
        select district_code, dwelling_key, min(month) as first_month, max(month) as last_month
        from accounts
        group by district_code, dwelling_key
    ),

    -- Two accounts can hold one dwelling in its last month (a change of tenant); the open one, then
    -- the later, tells its band.
    last_states as (
        select
            accounts.district_code,
            accounts.dwelling_key,
            accounts.lsoa_code,
            accounts.band,
            accounts.is_disabled_band,
            dwellings.first_month,
            dwellings.last_month,
            row_number() over (
                partition by accounts.district_code, accounts.dwelling_key
                order by
                    accounts.is_closed_account,
                    accounts.liability_start_date desc,
                    accounts.account_key
            ) as state_rank
        from accounts
        inner join
            dwellings
            on accounts.district_code = dwellings.district_code
            and accounts.dwelling_key = dwellings.dwelling_key
            and accounts.month = dwellings.last_month
    )

select
    dwelling_key,
    district_code,
    lsoa_code,
    band,
    is_disabled_band,
    first_month,
    last_month,
    {{ build_id() }} as build_id
from last_states
where state_rank = 1
