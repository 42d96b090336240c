with

    units as (select * from {{ ref("int_entitlement_units") }}),

    -- For nobody else is anything of it.
    unit_people as (
        select * from {{ ref("int_entitlement__unit_people") }} where pension_age_adult_count > 0
    ),

    incomes as (select * from {{ ref("int_entitlement__unit_incomes") }}),

    homes as (
        select homes.unit_number, homes.grown_up_without_care_count
        from {{ ref("int_entitlement__homes") }} as homes
        inner join unit_people on homes.unit_number = unit_people.unit_number
    ),

    rates as (select * from {{ ref("int_entitlement_rates_pension_credit") }}),

    amounts as (
        select
            units.unit_number,
            unit_people.adult_count > 1 as is_couple,
            unit_people.pension_age_adult_count = unit_people.adult_count as is_eligible,
            unit_people.pension_age_before_2016_04_06_count
            = unit_people.adult_count as may_have_savings_credit,
            case
                when unit_people.adult_count > 1
                then rates.guarantee_couple
                else rates.guarantee_single
            end
            * 52 as standard_guarantee_gbp,
            -- Nobody else of 18 or over may live there without such a benefit, and it is not paid
            -- for whom a partner is paid Carer's Allowance. Who lives in another's home is not
            -- alone.
            case
                when
                    homes.unit_number is null
                    or homes.grown_up_without_care_count > 0
                    or unit_people.adult_with_daily_living_benefit_count < unit_people.adult_count
                then 0
                when unit_people.adult_count > 1 and incomes.carers_allowance_gbp > 0
                then 1
                else unit_people.adult_count
            end
            * rates.severe_disability
            * 52 as severe_disability_gbp,
            incomes.carer_count * rates.carer * 52 as carer_addition_gbp,
            (
                unit_people.child_count * rates.child + case
                    when unit_people.child_born_before_2017_04_06_count > 0
                    then rates.child_first_born_before_2017_04_06 - rates.child
                    else 0
                end
                + unit_people.disabled_child_lower_count * rates.disabled_child_lower
                + unit_people.disabled_child_higher_count * rates.disabled_child_higher
            )
            * 52 as child_additions_gbp,
            case
                when unit_people.adult_count > 1
                then rates.savings_threshold_couple
                else rates.savings_threshold_single
            end
            * 52 as savings_threshold_gbp,
            rates.savings_share,
            rates.savings_withdrawn,
            ceil(greatest(units.capital_gbp - rates.capital_disregarded, 0) / rates.capital_step)
            * rates.capital_income_per_step
            * 52 as capital_income_gbp,
            greatest(
                cast(incomes.gross_earnings_gbp as double) - case
                    when
                        unit_people.adult_with_daily_living_benefit_count > 0
                        or incomes.carer_count > 0
                        or (unit_people.adult_count = 1 and unit_people.child_count > 0)
                    then rates.earnings_disregarded_special
                    when unit_people.adult_count > 1
                    then rates.earnings_disregarded_couple
                    else rates.earnings_disregarded_single
                end
                * 52,
                0
            ) as counted_earnings_gbp,
            cast(
                incomes.pension_age_unearned_gbp + incomes.carers_allowance_gbp as double
            ) as counted_unearned_gbp,
            cast(incomes.deducted_gbp as double) as deducted_gbp
        from units
        inner join unit_people on units.unit_number = unit_people.unit_number
        inner join incomes on units.unit_number = incomes.unit_number
        inner join rates on units.period_key = rates.period_key
        left join homes on units.unit_number = homes.unit_number
    ),

    compared as (
        select
            *,
            standard_guarantee_gbp
            + severe_disability_gbp
            + carer_addition_gbp
            + child_additions_gbp as appropriate_amount_gbp,
            counted_earnings_gbp
            + counted_unearned_gbp
            + capital_income_gbp
            - deducted_gbp as income_gbp
        from amounts
    ),

    -- The savings credit: a share of income above the threshold, up to its greatest amount, less a
    -- share of income above the appropriate amount (State Pension Credit Act 2002 s3).
    credits as (
        select
            *,
            greatest(appropriate_amount_gbp - income_gbp, 0) as guarantee_credit_gbp,
            greatest(
                least(
                    savings_share * greatest(income_gbp - savings_threshold_gbp, 0),
                    savings_share * (standard_guarantee_gbp - savings_threshold_gbp)
                )
                - savings_withdrawn * greatest(income_gbp - appropriate_amount_gbp, 0),
                0
            ) as full_savings_credit_gbp
        from compared
    )

select
    unit_number,
    is_couple,
    is_eligible,
    standard_guarantee_gbp,
    severe_disability_gbp,
    carer_addition_gbp,
    child_additions_gbp,
    appropriate_amount_gbp,
    counted_earnings_gbp,
    counted_unearned_gbp,
    capital_income_gbp,
    deducted_gbp,
    income_gbp,
    case when is_eligible then guarantee_credit_gbp else 0 end as guarantee_credit_gbp,
    case
        when is_eligible and may_have_savings_credit then full_savings_credit_gbp else 0
    end as savings_credit_gbp
from credits
