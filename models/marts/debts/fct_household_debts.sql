with

    arrears as (select * from {{ ref("fct_arrears") }} where overdue_gbp > 0),

    living_standards as (select * from {{ ref("fct_living_standards") }}),

    month_figures as (select * from {{ ref("int_living_standards__month_figures") }}),

    account_households as (
        select district_code, account_key, household_key, share_ratio, 'council_tax' as debt_type
        from {{ ref("int_household_accounts") }}
        union all
        select
            district_code,
            rent_account_key as account_key,
            household_key,
            share_ratio,
            'rent' as debt_type
        from {{ ref("int_household_rent_accounts") }}
    ),

    marked_accounts as (
        select district_code, account_key, month, 'council_tax' as debt_type
        from {{ ref("int_council_tax__accounts_in_force") }}
        where has_deceased_marker or has_breathing_space_marker or has_insolvency_marker
        union all
        select district_code, rent_account_key as account_key, month, 'rent' as debt_type
        from {{ ref("int_rent__accounts_in_force") }}
        where has_deceased_marker or has_breathing_space_marker
    ),

    -- An account that is linked to nobody stands by itself, so that its pounds are not lost.
    debts_of_debtors as (
        select
            arrears.district_code,
            coalesce(
                account_households.household_key, arrears.debt_type || ' ' || arrears.account_key
            ) as debtor_key,
            account_households.household_key,
            arrears.month,
            arrears.debt_type,
            arrears.overdue_gbp * coalesce(account_households.share_ratio, 1) as overdue_gbp,
            marked_accounts.account_key is not null as is_marked
        from arrears
        left join
            account_households
            on arrears.district_code = account_households.district_code
            and arrears.account_key = account_households.account_key
            and arrears.debt_type = account_households.debt_type
        left join
            marked_accounts
            on arrears.district_code = marked_accounts.district_code
            and arrears.account_key = marked_accounts.account_key
            and arrears.debt_type = marked_accounts.debt_type
            and arrears.month = marked_accounts.month
    ),

    -- Two accounts of a kind are one debt of a household.
    debts as (
        select
            district_code,
            debtor_key,
            household_key,
            month,
            debt_type,
            sum(overdue_gbp) as owed_gbp,
            sum(case when is_marked then 1 else 0 end) as marks
        from debts_of_debtors
        group by district_code, debtor_key, household_key, month, debt_type
    ),

    debts_beside_each_other as (
        select
            *,
            sum(owed_gbp) over debtor as all_owed_gbp,
            count(*) over debtor > 1 as owes_both,
            sum(marks) over debtor > 0 as is_marked
        from debts
        window debtor as (partition by district_code, debtor_key, month)
    ),

    -- A margin is what is left after this month's rent and council tax, so that what falls due now
    -- is met before anything is paid off.
    with_margins as (
        select
            debts_beside_each_other.*,
            living_standards.living_standards_class,
            living_standards.margin_gbp,
            cast(
                debts_beside_each_other.all_owed_gbp
                / month_figures.arrears_repayment_months as decimal(18, 2)
            ) as repayment_gbp
        from debts_beside_each_other
        inner join month_figures on debts_beside_each_other.month = month_figures.month
        left join
            living_standards
            on debts_beside_each_other.household_key = living_standards.household_key
            and debts_beside_each_other.month = living_standards.month
    ),

    -- The first that fits counts.
    with_reasons as (
        select
            *,
            case
                when household_key is null
                then null
                when is_marked
                then 'protected'
                when living_standards_class is null
                then 'not_looked_at'
                when margin_gbp is null
                then 'margin_unknown'
                when margin_gbp < 0
                then living_standards_class
                when margin_gbp >= repayment_gbp
                then 'margin_covers'
                else 'margin_too_small'
            end as ability_reason
        from with_margins
    )

select
    district_code,
    debtor_key,
    household_key,
    month,
    debt_type,
    household_key is not null as is_linked,
    owes_both,
    cast(owed_gbp as decimal(18, 2)) as owed_gbp,
    cast(all_owed_gbp as decimal(18, 2)) as all_owed_gbp,
    living_standards_class,
    margin_gbp,
    repayment_gbp,
    ability_reason,
    case
        when ability_reason in ('in_crisis', 'at_risk')
        then 'cannot_pay'
        when ability_reason = 'margin_covers'
        then 'will_not_pay'
        when ability_reason is not null
        then 'cannot_tell'
    end as ability_to_pay,
    {{ build_id() }} as build_id
from with_reasons
