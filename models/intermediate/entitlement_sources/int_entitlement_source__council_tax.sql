with

    households as (select * from {{ ref("int_entitlement_households") }}),

    household_accounts as (select * from {{ ref("int_household_accounts") }}),

    accounts as (select * from {{ ref("int_council_tax__accounts_in_force") }}),

    balances as (select * from {{ ref("int_council_tax__balances_in_force") }}),

    accounts_asked_for as (
        select
            households.unit_number,
            households.month,
            household_accounts.district_code,
            household_accounts.account_key,
            household_accounts.share_ratio
        from households
        inner join
            household_accounts
            on households.district_code = household_accounts.district_code
            and households.household_key = household_accounts.household_key
    ),

    -- A unit with two accounts in a month has moved: the larger charge is of the longer stay.
    accounts_ranked as (
        select
            accounts_asked_for.unit_number,
            accounts.band,
            accounts.discount_kind,
            balances.gross_charge_gbp * accounts_asked_for.share_ratio as gross_gbp,
            balances.discount_gbp * accounts_asked_for.share_ratio as discount_gbp,
            row_number() over (
                partition by accounts_asked_for.unit_number
                order by
                    (balances.gross_charge_gbp - balances.discount_gbp)
                    * accounts_asked_for.share_ratio desc,
                    balances.account_key
            ) as place
        from accounts_asked_for
        inner join
            balances
            on accounts_asked_for.district_code = balances.district_code
            and accounts_asked_for.account_key = balances.account_key
            and accounts_asked_for.month = balances.month
        inner join
            accounts
            on balances.district_code = accounts.district_code
            and balances.account_key = accounts.account_key
            and balances.month = accounts.month
        where balances.is_current_year
    )

select
    unit_number,
    band as council_tax_band,
    discount_kind,
    cast(gross_gbp as decimal(18, 2)) as annual_gross_gbp,
    cast(discount_gbp as decimal(18, 2)) as annual_discount_gbp,
    cast(gross_gbp - discount_gbp as decimal(18, 2)) as annual_council_tax_gbp
from accounts_ranked
where place = 1
