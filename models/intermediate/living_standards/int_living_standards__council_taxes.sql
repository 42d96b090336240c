{{ config(materialized="view") }}

with

    accounts as (select * from {{ ref("int_council_tax__accounts_in_force") }}),

    balances as (select * from {{ ref("int_council_tax__balances_in_force") }}),

    household_accounts as (select * from {{ ref("int_household_accounts") }}),

    households_without_support as (
        select household_key, month from {{ ref("int_household_versions") }} where not has_cts
    ),

    uc_months as (
        select district_code, uc_key, month
        from {{ ref("int_uc__award_months") }}
        where is_in_payment
    ),

    uc_units as (
        select district_code, source_key as uc_key, household_key
        from {{ ref("stg_links__benefit_units") }}
        where source = 'uc_claim'
    ),

    claims as (select * from {{ ref("int_housing_benefit__household_claims") }}),

    households_told as (
        select uc_units.household_key, uc_months.month
        from uc_months
        inner join
            uc_units
            on uc_months.district_code = uc_units.district_code
            and uc_months.uc_key = uc_units.uc_key
        union all
        select household_key, month
        from claims
        where is_running
    ),

    -- An award for support tells the charge itself. Without one it is worth looking up only where
    -- somebody tells the income, which is a hundredth of all accounts.
    accounts_asked_for as (
        select
            household_accounts.district_code,
            household_accounts.account_key,
            household_accounts.household_key,
            household_accounts.share_ratio,
            households_without_support.month
        from households_without_support
        inner join
            household_accounts
            on households_without_support.household_key = household_accounts.household_key
        where
            exists (
                select 1
                from households_told
                where
                    households_without_support.household_key = households_told.household_key
                    and households_without_support.month = households_told.month
            )
    ),

    years_charged as (
        select
            accounts_asked_for.household_key,
            accounts_asked_for.share_ratio,
            accounts.month,
            balances.gross_charge_gbp - balances.discount_gbp as charge_gbp,
            case
                when extract(month from accounts.month) >= 4
                then cast(extract(year from accounts.month) as integer)
                else cast(extract(year from accounts.month) as integer) - 1
            end as year_begun,
            accounts.liability_start_date,
            accounts.liability_end_date
        from accounts_asked_for
        inner join
            accounts
            on accounts_asked_for.district_code = accounts.district_code
            and accounts_asked_for.account_key = accounts.account_key
            and accounts_asked_for.month = accounts.month
        inner join
            balances
            on accounts.district_code = balances.district_code
            and accounts.account_key = balances.account_key
            and accounts.month = balances.month
        where balances.is_current_year and not accounts.is_closed_account
    ),

    years_bounded as (
        select
            *,
            make_date(year_begun, 4, 1) as first_day,
            make_date(year_begun + 1, 4, 1) as first_day_after
        from years_charged
    ),

    -- The charge is for the days of liability in the year; a month's is a twelfth of a whole
    -- year's.
    days_counted as (
        select
            *,
            {{ days_between("first_day", "first_day_after") }} as year_days,
            {{
                days_between(
                    "greatest(first_day, coalesce(liability_start_date, first_day))",
                    "least(first_day_after, coalesce(liability_end_date, first_day_after))",
                )
            }} as liable_days
        from years_bounded
    )

select
    household_key,
    month,
    sum(
        cast(charge_gbp * year_days / liable_days / 12 * share_ratio as decimal(18, 2))
    ) as council_tax_gbp
from days_counted
where liable_days > 0
group by household_key, month
