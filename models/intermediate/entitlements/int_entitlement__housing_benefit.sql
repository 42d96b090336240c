with

    units as (select * from {{ ref("int_entitlement_units") }}),

    unit_people as (select * from {{ ref("int_entitlement__unit_people") }}),

    incomes as (select * from {{ ref("int_entitlement__unit_incomes") }}),

    homes as (select * from {{ ref("int_entitlement__homes") }}),

    non_dependants as (select * from {{ ref("int_entitlement__non_dependants") }}),

    pension_credit as (select * from {{ ref("int_entitlement__pension_credit") }}),

    rates as (select * from {{ ref("int_entitlement_rates_housing") }}),

    amounts as (
        select
            homes.unit_number,
            unit_people.pension_age_adult_count = unit_people.adult_count as is_of_pension_age,
            coalesce(pension_credit.guarantee_credit_gbp, 0) > 0
            or units.is_on_guarantee_credit as has_guarantee_credit,
            units.capital_gbp <= rates.capital_limit as is_capital_low,
            case
                when
                    unit_people.adult_count > 1
                    and unit_people.pension_age_before_2021_04_01_count > 0
                then rates.allowance_couple_before_april_2021
                when unit_people.adult_count > 1
                then rates.allowance_couple
                when unit_people.pension_age_before_2021_04_01_count > 0
                then rates.allowance_single_before_april_2021
                else rates.allowance_single
            end
            * 52 as personal_allowance_gbp,
            unit_people.child_count * rates.child * 52 as child_allowance_gbp,
            pension_credit.severe_disability_gbp
            + incomes.carer_count * rates.carer * 52
            + (
                (unit_people.disabled_child_lower_count + unit_people.disabled_child_higher_count)
                * rates.disabled_child
                + unit_people.disabled_child_higher_count * rates.enhanced_disabled_child
            )
            * 52 as premiums_gbp,
            greatest(
                cast(incomes.gross_earnings_gbp as double) - case
                    when unit_people.adult_count = 1 and unit_people.child_count > 0
                    then rates.earnings_disregarded_lone_parent
                    when
                        unit_people.adult_with_daily_living_benefit_count > 0
                        or incomes.carer_count > 0
                    then rates.earnings_disregarded_special
                    when unit_people.adult_count > 1
                    then rates.earnings_disregarded_couple
                    else rates.earnings_disregarded_single
                end
                * 52
                - case
                    when
                        incomes.longest_weekly_hours >= rates.additional_hours
                        or (
                            unit_people.child_count > 0
                            and incomes.longest_weekly_hours >= rates.additional_hours_with_child
                        )
                    then rates.earnings_disregarded_additional * 52
                    else 0
                end,
                0
            ) as counted_earnings_gbp,
            pension_credit.counted_unearned_gbp
            + pension_credit.savings_credit_gbp as counted_unearned_gbp,
            pension_credit.capital_income_gbp,
            pension_credit.deducted_gbp,
            homes.hb_eligible_rent_gbp,
            case
                when homes.is_exempt_from_deductions
                then 0
                else coalesce(non_dependants.hb_deduction_gbp, 0)
            end as non_dependant_deduction_gbp,
            rates.taper,
            rates.minimum * 52 as minimum_gbp,
            case
                when units.claims_universal_credit
                then 0
                else cast(units.reported_housing_benefit_gbp as double)
            end as working_age_in_payment_gbp
        from homes
        inner join units on homes.unit_number = units.unit_number
        inner join unit_people on homes.unit_number = unit_people.unit_number
        inner join incomes on homes.unit_number = incomes.unit_number
        left join pension_credit on homes.unit_number = pension_credit.unit_number
        inner join rates on homes.period_key = rates.period_key
        left join non_dependants on homes.home_number = non_dependants.home_number
        where unit_people.pension_age_adult_count > 0 or units.reported_housing_benefit_gbp > 0
    ),

    -- Guarantee credit stands for the means test (SI 2006/214 reg 26).
    compared as (
        select
            *,
            personal_allowance_gbp + child_allowance_gbp + premiums_gbp as applicable_amount_gbp,
            counted_earnings_gbp
            + counted_unearned_gbp
            + capital_income_gbp
            - deducted_gbp as income_gbp,
            case
                when has_guarantee_credit
                then 0
                else
                    greatest(
                        counted_earnings_gbp
                        + counted_unearned_gbp
                        + capital_income_gbp
                        - deducted_gbp
                        - personal_allowance_gbp
                        - child_allowance_gbp
                        - premiums_gbp,
                        0
                    )
            end as excess_income_gbp
        from amounts
    )

select
    unit_number,
    is_of_pension_age,
    is_capital_low or has_guarantee_credit as is_within_capital_limit,
    personal_allowance_gbp,
    child_allowance_gbp,
    premiums_gbp,
    applicable_amount_gbp,
    income_gbp,
    excess_income_gbp,
    hb_eligible_rent_gbp as eligible_rent_gbp,
    non_dependant_deduction_gbp,
    excess_income_gbp * taper as taper_gbp,
    -- Of working age it is closed to new claims, so it is what is in payment and no estimate.
    case
        when not is_of_pension_age
        then working_age_in_payment_gbp
        when
            (is_capital_low or has_guarantee_credit)
            and hb_eligible_rent_gbp - non_dependant_deduction_gbp - excess_income_gbp * taper
            >= minimum_gbp
        then hb_eligible_rent_gbp - non_dependant_deduction_gbp - excess_income_gbp * taper
        else 0
    end as housing_benefit_gbp
from compared
