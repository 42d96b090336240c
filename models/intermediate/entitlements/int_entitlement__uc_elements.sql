with

    unit_people as (select * from {{ ref("int_entitlement__unit_people") }}),

    units as (select * from {{ ref("int_entitlement_units") }}),

    incomes as (select * from {{ ref("int_entitlement__unit_incomes") }}),

    homes as (select * from {{ ref("int_entitlement__homes") }}),

    non_dependants as (select * from {{ ref("int_entitlement__non_dependants") }}),

    rates as (select * from {{ ref("int_entitlement_rates_uc") }}),

    -- Children are counted from the eldest: those born before 6 April 2017 come first.
    counted as (
        select
            unit_people.*,
            units.has_new_health_element,
            unit_people.pension_age_adult_count = unit_people.adult_count as is_of_pension_age,
            case
                when unit_people.child_born_before_2017_04_06_count >= rates.child_limit
                then unit_people.child_born_before_2017_04_06_count
                else least(unit_people.child_count, rates.child_limit)
            end as paid_child_count
        from unit_people
        inner join units on unit_people.unit_number = units.unit_number
        inner join rates on unit_people.period_key = rates.period_key
    )

select
    counted.unit_number,
    case
        when counted.adult_count > 1 and counted.oldest_adult_age >= rates.lower_rate_age
        then rates.standard_couple_one_25_or_over
        when counted.adult_count > 1
        then rates.standard_couple_both_under_25
        when counted.oldest_adult_age >= rates.lower_rate_age
        then rates.standard_single_25_or_over
        else rates.standard_single_under_25
    end
    * 12 as standard_allowance_gbp,
    (
        counted.paid_child_count * rates.child + case
            when counted.child_born_before_2017_04_06_count > 0
            then rates.child_first_born_before_2017_04_06 - rates.child
            else 0
        end
    )
    * 12 as child_element_gbp,
    (
        counted.disabled_child_lower_count * rates.disabled_child_lower
        + counted.disabled_child_higher_count * rates.disabled_child_higher
    )
    * 12 as disabled_child_gbp,
    case
        when counted.lcwra_count = 0 and counted.lcw_element_count > 0
        then rates.lcw
        when counted.lcwra_count = 0
        then 0
        when counted.has_new_health_element
        then rates.lcwra_new
        else rates.lcwra
    end
    * 12 as health_element_gbp,
    incomes.carer_element_count * rates.carer * 12 as carer_element_gbp,
    greatest(
        coalesce(homes.uc_core_rent_gbp, 0) - case
            when homes.is_exempt_from_deductions or counted.is_of_pension_age
            then 0
            else coalesce(non_dependants.uc_contribution_gbp, 0)
        end,
        0
    ) as housing_element_gbp,
    case
        when
            counted.child_count = 0
            or incomes.working_adult_count = 0
            or incomes.working_or_unable_adult_count < counted.adult_count
        then 0
        else
            least(
                counted.childcare_gbp * rates.childcare_share,
                case
                    when counted.child_count = 1
                    then rates.childcare_maximum_one
                    else rates.childcare_maximum_more
                end
                * 12
            )
    end as childcare_element_gbp
from counted
inner join incomes on counted.unit_number = incomes.unit_number
inner join rates on counted.period_key = rates.period_key
left join homes on counted.unit_number = homes.unit_number
left join non_dependants on counted.home_number = non_dependants.home_number
