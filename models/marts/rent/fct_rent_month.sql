with

    arrears as (select * from {{ ref("fct_arrears") }} where debt_type = 'rent'),

    household_rent_accounts as (select * from {{ ref("int_household_rent_accounts") }}),

    districts as (select * from {{ ref("dim_district") }} where has_council_homes is not null),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    months_held as (
        select extract_in_force.month
        from extract_in_force
        inner join districts on extract_in_force.district_code = districts.district_code
        group by extract_in_force.month
    ),

    -- Every district that has said whether it has council homes, in every month that any feed of
    -- any of them is held: without homes its figures do not apply, without an extract they are not
    -- held.
    district_months as (
        select districts.district_code, districts.has_council_homes, months_held.month
        from districts
        cross join months_held
    ),

    -- An account that two units share counts once as an account and once for each as a household;
    -- one that is linked to none stands as a household of its own.
    household_arrears as (
        select
            arrears.district_code,
            arrears.month,
            coalesce(household_rent_accounts.household_key, arrears.account_key) as debtor_key,
            household_rent_accounts.household_key is not null as is_linked,
            sum(
                arrears.overdue_gbp * coalesce(household_rent_accounts.share_ratio, 1)
            ) as arrears_gbp
        from arrears
        left join
            household_rent_accounts
            on arrears.district_code = household_rent_accounts.district_code
            and arrears.account_key = household_rent_accounts.rent_account_key
        where arrears.overdue_gbp > 0
        group by
            arrears.district_code,
            arrears.month,
            coalesce(household_rent_accounts.household_key, arrears.account_key),
            household_rent_accounts.household_key is not null
    ),

    household_months as (
        select
            district_code,
            month,
            sum(case when is_linked then 1 else 0 end) as arrears_household_count,
            sum(case when is_linked then 0 else arrears_gbp end) as unlinked_arrears_gbp,
            max(arrears_gbp) as largest_arrears_gbp
        from household_arrears
        group by district_code, month
    ),

    account_months as (
        select
            district_code,
            month,
            count(*) as account_count,
            sum(case when overdue_gbp > 0 then 1 else 0 end) as arrears_account_count,
            sum(
                case when recovery_stage in ('none', 'reminder', 'contact') then 0 else 1 end
            ) as recovery_account_count,
            sum(overdue_gbp) as arrears_gbp,
            sum(credit_gbp) as credit_gbp
        from arrears
        group by district_code, month
    )

select
    district_months.district_code,
    district_months.month,
    district_months.has_council_homes,
    account_months.account_count is not null as is_held,
    cast(account_months.account_count as integer) as account_count,
    cast(account_months.arrears_account_count as integer) as arrears_account_count,
    cast(
        case
            when account_months.account_count is not null
            then coalesce(household_months.arrears_household_count, 0)
        end as integer
    ) as arrears_household_count,
    cast(account_months.recovery_account_count as integer) as recovery_account_count,
    cast(account_months.arrears_gbp as decimal(18, 2)) as arrears_gbp,
    cast(
        case
            when account_months.account_count is not null
            then coalesce(household_months.unlinked_arrears_gbp, 0)
        end as decimal(18, 2)
    ) as unlinked_arrears_gbp,
    cast(account_months.credit_gbp as decimal(18, 2)) as credit_gbp,
    cast(
        case
            when account_months.account_count is not null
            then coalesce(household_months.largest_arrears_gbp, 0)
        end as decimal(18, 2)
    ) as largest_arrears_gbp,
    {{ build_id() }} as build_id
from district_months
left join
    account_months
    on district_months.district_code = account_months.district_code
    and district_months.month = account_months.month
left join
    household_months
    on district_months.district_code = household_months.district_code
    and district_months.month = household_months.month
