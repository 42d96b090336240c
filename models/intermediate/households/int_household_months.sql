{{ config(materialized="view") }}

with

    accounts as (select * from {{ ref("int_council_tax__accounts_in_force") }}),

    household_accounts as (select * from {{ ref("int_household_accounts") }}),

    award_months as (select * from {{ ref("int_cts__household_awards") }}),

    homes as (
        select
            accounts.district_code,
            accounts.month,
            household_accounts.household_key,
            accounts.dwelling_key,
            accounts.lsoa_code,
            -- A unit liable for two homes at once (a second home, or an overlap in a move) lives in
            -- the one it took up last; the others drop out here and stay in the account facts.
            row_number() over (
                partition by household_accounts.household_key, accounts.month
                order by accounts.liability_start_date desc, accounts.account_key
            ) as home_rank
        from accounts
        inner join
            household_accounts
            on accounts.district_code = household_accounts.district_code
            and accounts.account_key = household_accounts.account_key
        where not accounts.is_closed_account
    ),

    homes_lived_in as (select * from homes where home_rank = 1),

    -- One row a household: two award periods in payment on the same last day would be two claims of
    -- one unit, and the counts are then the larger.
    awards_in_payment as (
        select
            district_code,
            month,
            household_key,
            max(case when cts_age_group = 'pension' then 1 else 0 end) = 1 as is_pension_age,
            max(case when is_on_uc then 1 else 0 end) = 1 as is_on_uc,
            max(case when has_partner then 1 else 0 end) = 1 as has_partner,
            max(dependant_count) as dependant_count,
            max(non_dependant_count) as non_dependant_count,
            max(case when is_passported then 1 else 0 end) = 1 as is_passported,
            max(weekly_income_gbp) as weekly_income_gbp,
            max(weekly_council_tax_gbp) as weekly_council_tax_gbp,
            sum(weekly_award_gbp) as weekly_award_gbp
        from award_months
        where is_in_payment
        group by district_code, month, household_key
    )

select
    coalesce(homes_lived_in.district_code, awards_in_payment.district_code) as district_code,
    coalesce(homes_lived_in.household_key, awards_in_payment.household_key) as household_key,
    coalesce(homes_lived_in.month, awards_in_payment.month) as month,
    homes_lived_in.dwelling_key,
    homes_lived_in.lsoa_code,
    awards_in_payment.household_key is not null as has_cts,
    case
        when awards_in_payment.is_pension_age
        then 'pension'
        when not awards_in_payment.is_pension_age
        then 'working'
    end as cts_age_group,
    awards_in_payment.is_on_uc,
    awards_in_payment.has_partner,
    awards_in_payment.dependant_count,
    awards_in_payment.non_dependant_count,
    awards_in_payment.is_passported as is_cts_passported,
    awards_in_payment.weekly_income_gbp as weekly_cts_income_gbp,
    awards_in_payment.weekly_council_tax_gbp,
    awards_in_payment.weekly_award_gbp as weekly_cts_award_gbp
from homes_lived_in
full outer join
    awards_in_payment
    on homes_lived_in.household_key = awards_in_payment.household_key
    and homes_lived_in.month = awards_in_payment.month
