{{ config(materialized="view") }}

with

    in_payment as (select * from {{ ref("int_entitlement_months__in_payment") }}),

    households as (select * from {{ ref("int_entitlement_households") }}),

    discounts as (select * from {{ ref("int_entitlement__council_tax_discount") }}),

    support as (select * from {{ ref("int_cts__circumstances") }}),

    household_accounts as (select * from {{ ref("int_household_accounts") }}),

    accounts as (select * from {{ ref("int_council_tax__accounts_in_force") }}),

    balances as (select * from {{ ref("int_council_tax__balances_in_force") }}),

    -- The account whose charge the dwelling has: of two in a month the larger.
    accounts_ranked as (
        select
            household_accounts.district_code,
            household_accounts.household_key,
            balances.month,
            accounts.discount_kind,
            balances.discount_gbp * household_accounts.share_ratio as discount_gbp,
            row_number() over (
                partition by
                    household_accounts.district_code,
                    household_accounts.household_key,
                    balances.month
                order by
                    balances.gross_charge_gbp * household_accounts.share_ratio desc,
                    balances.account_key
            ) as place
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
    )

select
    in_payment.unit_number,
    'ctd' as benefit_code,
    discounts.discount_gbp as annual_estimate_gbp,
    cast(accounts_ranked.discount_gbp as double) as annual_in_payment_gbp,
    case
        when not in_payment.are_people_known
        then 'people_not_known'
        -- An award of Universal Credit says nothing of who else lives there; a claim for support
        -- does.
        when in_payment.is_on_universal_credit and support.household_key is null
        then 'people_not_known'
        when accounts_ranked.household_key is null
        then 'council_tax_not_known'
        -- Who is disregarded no extract tells; that somebody is, the account does.
        when accounts_ranked.discount_kind in ('one_disregard', 'all_disregarded')
        then 'taken_as_paid'
    end as not_assessable_reason,
    true as is_some_assumed
from in_payment
inner join households on in_payment.unit_number = households.unit_number
inner join discounts on in_payment.unit_number = discounts.home_number
left join
    support
    on households.district_code = support.district_code
    and households.household_key = support.household_key
    and households.month = support.month
left join
    accounts_ranked
    on households.district_code = accounts_ranked.district_code
    and households.household_key = accounts_ranked.household_key
    and households.month = accounts_ranked.month
    and accounts_ranked.place = 1
