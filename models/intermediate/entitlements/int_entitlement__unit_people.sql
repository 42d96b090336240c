with

    people as (select * from {{ ref("int_entitlement_people") }}),

    rates as (select * from {{ ref("int_entitlement_rates_uc") }}),

    other_rates as (select * from {{ ref("int_entitlement_rates_other") }}),

    people_by_age as (
        select
            people.*,
            people.role = 'claimant' as is_claimant,
            people.role = 'child' as is_child,
            people.role = 'other' as is_other,
            people.role <> 'child'
            and people.age_years >= rates.adult_age
            and not people.has_daily_living_benefit as is_grown_up_without_care,
            people.role = 'child' and people.age_years >= rates.room_of_own_age as has_own_room,
            people.role = 'child'
            and people.age_years < rates.room_of_own_age
            and people.age_years >= rates.room_shared_by_any_two_age as shares_with_own_sex,
            people.role = 'child'
            and people.age_years < rates.room_shared_by_any_two_age as shares_with_any,
            people.role = 'child'
            and people.age_years
            between other_rates.fsm_from_age and other_rates.fsm_to_age as is_at_school,
            people.role = 'child'
            and people.age_years between 1 and other_rates.healthy_start_to_age as is_small
        from people
        inner join rates on people.period_key = rates.period_key
        inner join other_rates on people.period_key = other_rates.period_key
    )

-- Carers are counted in `int_entitlement__unit_incomes`: who is one follows from a rate.
select
    period_key,
    unit_number,
    home_number,
    count(case when is_claimant then 1 end) as adult_count,
    count(case when is_child then 1 end) as child_count,
    count(
        case when is_child and is_born_before_2017_04_06 then 1 end
    ) as child_born_before_2017_04_06_count,
    count(case when is_child and age_years < 1 then 1 end) as child_under_1_count,
    count(case when is_small then 1 end) as small_child_count,
    count(case when is_at_school then 1 end) as school_child_count,
    min(case when is_child then age_years end) as youngest_child_age,
    max(case when is_claimant then age_years end) as oldest_adult_age,
    count(case when is_claimant and is_of_pension_age then 1 end) as pension_age_adult_count,
    count(
        case when is_claimant and has_reached_pension_age_before_2016_04_06 then 1 end
    ) as pension_age_before_2016_04_06_count,
    count(
        case when is_claimant and has_reached_pension_age_before_2021_04_01 then 1 end
    ) as pension_age_before_2021_04_01_count,
    count(
        case when is_child and is_disabled and not has_highest_care then 1 end
    ) as disabled_child_lower_count,
    count(
        case when is_child and is_disabled and has_highest_care then 1 end
    ) as disabled_child_higher_count,
    count(case when is_claimant and has_lcwra then 1 end) as lcwra_count,
    count(case when is_claimant and has_lcw_element then 1 end) as lcw_element_count,
    count(
        case when is_claimant and (is_disabled or has_lcwra or has_lcw_element) then 1 end
    ) as limited_capability_count,
    count(
        case when is_claimant and has_daily_living_benefit then 1 end
    ) as adult_with_daily_living_benefit_count,
    count(case when has_disability_benefit then 1 end) as disability_benefit_count,
    count(case when is_other then 1 end) as other_count,
    count(case when is_grown_up_without_care then 1 end) as grown_up_without_care_count,
    count(case when is_grown_up_without_care and is_other then 1 end) as other_without_care_count,
    -- Whether it stands with the parent or with the child.
    sum(annual_childcare_gbp) as childcare_gbp,
    -- Rooms of children (SI 2013/376 Sch 4 para 10): two of one sex share, any two while young.
    count(case when has_own_room then 1 end) as youth_count,
    count(case when shares_with_own_sex and not is_female then 1 end) as older_boy_count,
    count(case when shares_with_own_sex and is_female then 1 end) as older_girl_count,
    count(case when shares_with_any and not is_female then 1 end) as younger_boy_count,
    count(case when shares_with_any and is_female then 1 end) as younger_girl_count
from people_by_age
group by period_key, unit_number, home_number
