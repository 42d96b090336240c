with

    households as (select * from {{ ref("int_entitlement_households") }}),

    household_accounts as (select * from {{ ref("int_household_accounts") }}),

    accounts as (select * from {{ ref("int_council_tax__accounts_in_force") }}),

    balances as (select * from {{ ref("int_council_tax__balances_in_force") }}),

    support as (select * from {{ ref("int_cts__circumstances") }}),

    -- A unit with two accounts in a month has moved: the larger charge is of the longer stay.
    charges as (
        select
            household_accounts.district_code,
            household_accounts.household_key,
            balances.month,
            max(
                (balances.gross_charge_gbp - balances.discount_gbp) * household_accounts.share_ratio
            ) as annual_council_tax_gbp,
            max(balances.gross_charge_gbp * household_accounts.share_ratio) as annual_gross_gbp,
            max(accounts.band) as council_tax_band
        from balances
        inner join
            household_accounts
            on balances.district_code = household_accounts.district_code
            and balances.account_key = household_accounts.account_key
        inner join
            accounts
            on balances.district_code = accounts.district_code
            and balances.account_key = accounts.account_key
            and balances.month = accounts.month
        where balances.is_current_year
        group by household_accounts.district_code, household_accounts.household_key, balances.month
    )

select
    households.unit_number as home_number,
    households.month as period_key,
    households.district_code,
    cast(null as varchar) as brma_code,
    false as is_in_london,
    households.tenure,
    households.annual_rent_gbp,
    -- Within the rent that each source tells.
    cast(0 as decimal(18, 2)) as annual_service_charge_gbp,
    cast(null as integer) as bedroom_count,
    charges.council_tax_band,
    cast(charges.annual_gross_gbp as decimal(18, 2)) as annual_gross_council_tax_gbp,
    -- What a claim for support rests on is of the day; what an account is charged in the year may
    -- be
    -- for a part of it.
    cast(
        coalesce(
            case
                when support.weekly_council_tax_gbp > 0 then support.weekly_council_tax_gbp * 52
            end,
            charges.annual_council_tax_gbp
        ) as decimal(18, 2)
    ) as annual_council_tax_gbp
from households
left join
    charges
    on households.district_code = charges.district_code
    and households.household_key = charges.household_key
    and households.month = charges.month
left join
    support
    on households.district_code = support.district_code
    and households.household_key = support.household_key
    and households.month = support.month
