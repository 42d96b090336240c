-- A marker on any account of a household is the household's: whoever is contacted lives there.
with

    council_tax_accounts as (select * from {{ ref("int_council_tax__accounts_in_force") }}),

    rent_accounts as (select * from {{ ref("int_rent__accounts_in_force") }}),

    household_accounts as (select * from {{ ref("int_household_accounts") }}),

    household_rent_accounts as (select * from {{ ref("int_household_rent_accounts") }}),

    markers as (
        select
            council_tax_accounts.district_code,
            household_accounts.household_key,
            council_tax_accounts.month,
            council_tax_accounts.has_deceased_marker,
            council_tax_accounts.has_breathing_space_marker,
            council_tax_accounts.has_insolvency_marker,
            council_tax_accounts.has_sensitive_marker,
            council_tax_accounts.has_contact_opt_out_marker,
            council_tax_accounts.is_anonymous_elector
        from council_tax_accounts
        inner join
            household_accounts
            on council_tax_accounts.district_code = household_accounts.district_code
            and council_tax_accounts.account_key = household_accounts.account_key
        union all
        select
            rent_accounts.district_code,
            household_rent_accounts.household_key,
            rent_accounts.month,
            rent_accounts.has_deceased_marker,
            rent_accounts.has_breathing_space_marker,
            -- Rent books do not tell these two.
            false as has_insolvency_marker,
            rent_accounts.has_sensitive_marker,
            rent_accounts.has_contact_opt_out_marker,
            false as is_anonymous_elector
        from rent_accounts
        inner join
            household_rent_accounts
            on rent_accounts.district_code = household_rent_accounts.district_code
            and rent_accounts.rent_account_key = household_rent_accounts.rent_account_key
    )

select
    district_code,
    household_key,
    month,
    coalesce(bool_or(has_deceased_marker), false) as is_deceased,
    coalesce(bool_or(has_breathing_space_marker), false) as is_in_breathing_space,
    coalesce(bool_or(has_insolvency_marker), false) as is_insolvent,
    coalesce(bool_or(has_sensitive_marker), false) as has_sensitive_address,
    coalesce(bool_or(has_contact_opt_out_marker), false) as has_opted_out_of_contact,
    coalesce(bool_or(is_anonymous_elector), false) as is_anonymous_elector
from markers
group by district_code, household_key, month
