-- Households per district and month from the accounts that are open and the awards in payment,
-- against the versions that hold in the month: a version lost or stretched changes the count.
with

    accounts as (select * from {{ ref("int_council_tax__accounts_in_force") }}),

    bridge as (select * from {{ ref("bridge_account_household") }}),

    benefit_spend as (select * from {{ ref("fct_benefit_spend") }}),

    households as (select * from {{ ref("dim_household") }}),

    months as (select * from {{ ref("dim_month") }}),

    present as (
        select accounts.district_code, accounts.month, bridge.household_key
        from accounts
        inner join
            bridge
            on accounts.district_code = bridge.district_code
            and accounts.account_key = bridge.account_key
        where not accounts.is_closed_account
        -- A household with two homes, or a home and an award, is one household.
        union
        select district_code, month, household_key
        from benefit_spend
        where benefit_code = 'cts' and is_in_payment
    ),

    expected as (
        select district_code, month, count(*) as household_count
        from present
        group by district_code, month
    ),

    found as (
        select households.district_code, months.month, count(*) as household_count
        from households
        inner join
            months
            on months.month >= households.valid_from_month
            and months.month <= households.valid_to_month
        group by households.district_code, months.month
    )

select *
from expected
full outer join
    found on expected.district_code = found.district_code and expected.month = found.month
where expected.household_count is distinct from found.household_count
