with

    people as (select * from {{ ref("int_entitlement_people") }}),

    unit_people as (select * from {{ ref("int_entitlement__unit_people") }}),

    adults as (select * from {{ ref("int_entitlement__adults") }}),

    pension_credit as (select * from {{ ref("int_entitlement__pension_credit") }}),

    rates as (select * from {{ ref("int_entitlement_rates_housing") }}),

    uc_rates as (select * from {{ ref("int_entitlement_rates_uc") }}),

    non_dependants as (
        select
            people.home_number,
            people.unit_number,
            people.period_key,
            -- A grown-up child in a parent's unit is nobody's partner there.
            case when people.role = 'other' then people.person_number else 0 end as couple_number,
            people.weekly_hours,
            adults.taxable_income_gbp / 52 as weekly_income_gbp,
            coalesce(pension_credit.guarantee_credit_gbp + pension_credit.savings_credit_gbp, 0) > 0
            and people.role <> 'other' as is_on_pension_credit,
            people.age_years >= rates.hb_non_dependant_age as is_grown_up,
            -- Of working age and without earnings, taken to be on Universal Credit.
            not people.is_of_pension_age and adults.earnings_gbp = 0 as is_on_uc_alone,
            people.age_years < rates.hb_non_dependant_on_uc_age as is_young,
            case
                when
                    people.age_years < uc_rates.non_dependant_age
                    or people.has_daily_living_benefit
                    or adults.carers_allowance_gbp > 0
                    or unit_people.youngest_child_age < uc_rates.young_child_age
                    or (
                        pension_credit.guarantee_credit_gbp + pension_credit.savings_credit_gbp > 0
                        and people.role <> 'other'
                    )
                then 0
                else uc_rates.non_dependant_contribution * 12
            end as uc_contribution_gbp
        from people
        inner join unit_people on people.unit_number = unit_people.unit_number
        inner join adults on people.person_number = adults.person_number
        left join pension_credit on people.unit_number = pension_credit.unit_number
        inner join rates on people.period_key = rates.period_key
        inner join uc_rates on people.period_key = uc_rates.period_key
        where people.is_non_dependant
    ),

    -- A couple has one deduction, by its income together (SI 2006/214 reg 55(3) and (4)).
    couples as (
        select
            home_number,
            period_key,
            sum(uc_contribution_gbp) as uc_contribution_gbp,
            sum(weekly_income_gbp) as weekly_income_gbp,
            max(weekly_hours) as weekly_hours,
            max(case when is_grown_up then 1 else 0 end) = 1 as is_grown_up,
            max(case when is_on_pension_credit then 1 else 0 end) = 1 as is_on_pension_credit,
            min(case when is_on_uc_alone then 1 else 0 end) = 1 as is_on_uc_alone,
            min(case when is_young then 1 else 0 end) = 1 as is_young
        from non_dependants
        group by home_number, period_key, unit_number, couple_number
    )

select
    couples.home_number,
    count(case when couples.weekly_hours >= rates.remunerative_hours then 1 end) as working_count,
    count(case when couples.weekly_hours < rates.remunerative_hours then 1 end) as other_count,
    sum(couples.uc_contribution_gbp) as uc_contribution_gbp,
    sum(
        case
            when
                not couples.is_grown_up
                or couples.is_on_pension_credit
                or (couples.is_young and couples.is_on_uc_alone)
            then 0
            when couples.weekly_hours < rates.remunerative_hours
            then rates.non_dependant_1
            when couples.weekly_income_gbp >= rates.non_dependant_6_from
            then rates.non_dependant_6
            when couples.weekly_income_gbp >= rates.non_dependant_5_from
            then rates.non_dependant_5
            when couples.weekly_income_gbp >= rates.non_dependant_4_from
            then rates.non_dependant_4
            when couples.weekly_income_gbp >= rates.non_dependant_3_from
            then rates.non_dependant_3
            when couples.weekly_income_gbp >= rates.non_dependant_2_from
            then rates.non_dependant_2
            else rates.non_dependant_1
        end
        * 52
    ) as hb_deduction_gbp,
    sum(
        case
            when not couples.is_grown_up or couples.is_on_pension_credit or couples.is_on_uc_alone
            then 0
            when couples.weekly_hours < rates.remunerative_hours
            then rates.ctr_non_dependant_1
            when couples.weekly_income_gbp >= rates.ctr_non_dependant_4_from
            then rates.ctr_non_dependant_4
            when couples.weekly_income_gbp >= rates.ctr_non_dependant_3_from
            then rates.ctr_non_dependant_3
            when couples.weekly_income_gbp >= rates.ctr_non_dependant_2_from
            then rates.ctr_non_dependant_2
            else rates.ctr_non_dependant_1
        end
        * 52
    ) as ctr_deduction_gbp
from couples
inner join rates on couples.period_key = rates.period_key
group by couples.home_number
