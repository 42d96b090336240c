{{ config(tags=["month_local"]) }}

with

    balances as (select * from {{ ref("int_council_tax__balances_in_force") }}),

    accounts as (select * from {{ ref("int_council_tax__accounts_in_force") }}),

    rent_debts as (select * from {{ ref("int_rent__debts") }}),

    -- Payments and write-offs meet the charge first and court costs last; what is beyond both is a
    -- credit. balance = overdue + not yet due + costs − credit, to the penny, on every row.
    balances_split as (
        select
            *,
            gross_charge_gbp - discount_gbp - cts_credit_gbp as net_charge_gbp,
            receipts_gbp + write_off_gbp as settled_gbp,
            greatest(balance_gbp, 0) as owed_gbp,
            greatest(- balance_gbp, 0) as credit_gbp
        from balances
    ),

    costs_taken_last as (
        select
            *,
            least(costs_gbp, owed_gbp) as costs_outstanding_gbp,
            -- What an earlier year still owes is overdue whatever the system says was due: some
            -- keep
            -- instalments of the current year only.
            case
                when is_current_year
                then
                    least(
                        greatest(instalments_due_gbp - settled_gbp, 0),
                        owed_gbp - least(costs_gbp, owed_gbp)
                    )
                else owed_gbp - least(costs_gbp, owed_gbp)
            end as overdue_gbp
        from balances_split
    ),

    council_tax_debts as (
        select
            costs_taken_last.district_code,
            costs_taken_last.account_key,
            costs_taken_last.liability_year,
            'council_tax' as debt_type,
            costs_taken_last.month,
            costs_taken_last.recovery_stage,
            not costs_taken_last.is_current_year as is_prior_year,
            accounts.is_closed_account,
            cast(costs_taken_last.overdue_gbp as decimal(18, 2)) as overdue_gbp,
            cast(
                costs_taken_last.owed_gbp
                - costs_taken_last.costs_outstanding_gbp
                - costs_taken_last.overdue_gbp as decimal(18, 2)
            ) as not_yet_due_gbp,
            cast(costs_taken_last.costs_outstanding_gbp as decimal(18, 2)) as costs_gbp,
            cast(costs_taken_last.credit_gbp as decimal(18, 2)) as credit_gbp,
            -- QRC4 counts what is outstanding on 31 March, this year's charge with it; in other
            -- months
            -- only earlier years are arrears in its sense.
            cast(
                case
                    when costs_taken_last.is_year_end or not costs_taken_last.is_current_year
                    then costs_taken_last.owed_gbp
                    else 0
                end as decimal(18, 2)
            ) as qrc4_arrears_gbp
        from costs_taken_last
        left join
            accounts
            on costs_taken_last.district_code = accounts.district_code
            and costs_taken_last.account_key = accounts.account_key
            and costs_taken_last.month = accounts.month
    ),

    -- A rent account runs on without years: all that is owed is due, and stands under the year of
    -- its month. Court costs are charged to the same balance and cannot be told apart.
    every_debt as (
        select *
        from council_tax_debts
        union all
        select
            district_code,
            rent_account_key as account_key,
            {{ financial_year_of("month") }} as liability_year,
            'rent' as debt_type,
            month,
            recovery_stage,
            false as is_prior_year,
            is_closed_account,
            cast(owed_gbp as decimal(18, 2)) as overdue_gbp,
            cast(0 as decimal(18, 2)) as not_yet_due_gbp,
            cast(0 as decimal(18, 2)) as costs_gbp,
            cast(credit_gbp as decimal(18, 2)) as credit_gbp,
            cast(0 as decimal(18, 2)) as qrc4_arrears_gbp
        from rent_debts
    )

select
    district_code,
    account_key,
    liability_year,
    debt_type,
    month,
    recovery_stage,
    is_prior_year,
    is_closed_account,
    overdue_gbp,
    not_yet_due_gbp,
    costs_gbp,
    credit_gbp,
    qrc4_arrears_gbp,
    {{ build_id() }} as build_id
from every_debt
