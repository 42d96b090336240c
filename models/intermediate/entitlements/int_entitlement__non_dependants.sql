with

    people as (select * from {{ ref("int_entitlement_people") }}),

    unit_people as (select * from {{ ref("int_entitlement__unit_people") }}),

    adults as (select * from {{ ref("int_entitlement__adult_incomes") }}),

    rates as (select * from {{ ref("int_entitlement_rates_housing") }}),

    uc_rates as (select * from {{ ref("int_entitlement_rates_uc") }}),

    non_dependants as (
        select
            people.home_number,
            people.age_years,
            people.has_daily_living_benefit,
            people.weekly_hours,
            people.is_of_pension_age,
            unit_people.youngest_child_age,
            adults.carers_allowance_gbp,
            adults.earnings_gbp,
            adults.taxable_income_gbp / 52 as weekly_income_gbp,
            rates.*,
            uc_rates.non_dependant_contribution,
            uc_rates.non_dependant_age,
            uc_rates.young_child_age
        from people
        inner join unit_people on people.unit_number = unit_people.unit_number
        inner join adults on people.person_number = adults.person_number
        inner join rates on people.period_key = rates.period_key
        inner join uc_rates on people.period_key = uc_rates.period_key
        where people.is_non_dependant
    )

select
    home_number,
    count(case when weekly_hours >= remunerative_hours then 1 end) as working_count,
    count(case when weekly_hours < remunerative_hours then 1 end) as other_count,
    sum(
        case
            when
                age_years < non_dependant_age
                or has_daily_living_benefit
                or carers_allowance_gbp > 0
                or youngest_child_age < young_child_age
            then 0
            else non_dependant_contribution * 12
        end
    ) as uc_contribution_gbp,
    sum(
        case
            when
                age_years < hb_non_dependant_age
                or (
                    age_years < hb_non_dependant_on_uc_age
                    and not is_of_pension_age
                    and earnings_gbp = 0
                )
            then 0
            when weekly_hours < remunerative_hours
            then non_dependant_1
            when weekly_income_gbp >= non_dependant_6_from
            then non_dependant_6
            when weekly_income_gbp >= non_dependant_5_from
            then non_dependant_5
            when weekly_income_gbp >= non_dependant_4_from
            then non_dependant_4
            when weekly_income_gbp >= non_dependant_3_from
            then non_dependant_3
            when weekly_income_gbp >= non_dependant_2_from
            then non_dependant_2
            else non_dependant_1
        end
        * 52
    ) as hb_deduction_gbp,
    sum(
        case
            when age_years < hb_non_dependant_age or (not is_of_pension_age and earnings_gbp = 0)
            then 0
            when weekly_hours < remunerative_hours
            then ctr_non_dependant_1
            when weekly_income_gbp >= ctr_non_dependant_4_from
            then ctr_non_dependant_4
            when weekly_income_gbp >= ctr_non_dependant_3_from
            then ctr_non_dependant_3
            when weekly_income_gbp >= ctr_non_dependant_2_from
            then ctr_non_dependant_2
            else ctr_non_dependant_1
        end
        * 52
    ) as ctr_deduction_gbp
from non_dependants
group by home_number
