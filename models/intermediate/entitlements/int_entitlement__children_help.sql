with

    unit_people as (select * from {{ ref("int_entitlement__unit_people") }} where child_count > 0),

    universal_credit as (select * from {{ ref("int_entitlement__universal_credit") }}),

    incomes as (select * from {{ ref("int_entitlement__unit_incomes") }}),

    pension_credit as (select * from {{ ref("int_entitlement__pension_credit") }}),

    rates as (select * from {{ ref("int_entitlement_rates_other") }}),

    awards as (
        select
            unit_people.unit_number,
            unit_people.child_under_1_count,
            unit_people.small_child_count,
            unit_people.school_child_count,
            universal_credit.universal_credit_gbp > 0 as is_on_uc,
            incomes.net_earnings_gbp,
            coalesce(pension_credit.guarantee_credit_gbp, 0) > 0 as has_guarantee_credit,
            coalesce(pension_credit.guarantee_credit_gbp + pension_credit.savings_credit_gbp, 0)
            > 0 as is_on_pension_credit,
            rates.fsm_earnings_limit,
            rates.healthy_start_standard,
            rates.healthy_start_under_one,
            rates.healthy_start_uc_earnings
        from unit_people
        inner join universal_credit on unit_people.unit_number = universal_credit.unit_number
        inner join incomes on unit_people.unit_number = incomes.unit_number
        left join pension_credit on unit_people.unit_number = pension_credit.unit_number
        inner join rates on unit_people.period_key = rates.period_key
    )

select
    unit_number,
    case
        when (is_on_uc and net_earnings_gbp <= fsm_earnings_limit) or has_guarantee_credit
        then school_child_count
        else 0
    end as free_school_meals_child_count,
    case
        when
            (is_on_uc and net_earnings_gbp <= healthy_start_uc_earnings * 12)
            or is_on_pension_credit
        then
            (
                child_under_1_count * healthy_start_under_one
                + small_child_count * healthy_start_standard
            )
            * 52
        else 0
    end as healthy_start_gbp
from awards
