with

    units as (select * from {{ ref("int_entitlement_units") }}),

    people as (select * from {{ ref("int_housing_benefit__people") }}),

    cutoffs as (select * from {{ ref("pension_age_cutoffs") }}),

    months_of_cutoffs as (
        select
            max(
                case when cutoff_code = 'savings_credit' then before_month end
            ) as savings_credit_month,
            max(
                case when cutoff_code = 'housing_benefit_allowance' then before_month end
            ) as housing_benefit_month
        from cutoffs
    )

-- An age that is not told is taken to be a child's or a grown-up's, so that the row is there; its
-- unit is then not assessable (`int_entitlement_units`).
select
    units.period_key,
    units.unit_number,
    units.home_number,
    row_number() over (
        order by units.unit_number, people.place, people.person_key
    ) as person_number,
    people.person_key,
    coalesce(
        people.age_at_month_end, case when people.role = 'child' then 10 else 40 end
    ) as age_years,
    people.role,
    people.role = 'other' as is_non_dependant,
    coalesce(people.pension_age_month <= units.period_key, false) as is_of_pension_age,
    coalesce(
        people.pension_age_month < months_of_cutoffs.savings_credit_month, false
    ) as has_reached_pension_age_before_2016_04_06,
    coalesce(
        people.pension_age_month < months_of_cutoffs.housing_benefit_month, false
    ) as has_reached_pension_age_before_2021_04_01,
    people.role = 'child'
    and not coalesce(people.is_born_from_2017_04_06, true) as is_born_before_2017_04_06,
    false as is_female,
    people.is_disabled,
    false as has_highest_care,
    false as has_lcwra,
    people.has_daily_living_benefit,
    people.has_disability_benefit,
    case when people.is_carer then 35.0 else 0.0 end as weekly_care_hours,
    0.0 as weekly_hours,
    false as is_in_start_up_period,
    cast(0 as decimal(18, 2)) as annual_childcare_gbp
from units
inner join
    people
    on units.district_code = people.district_code
    and units.household_key = people.household_key
    and units.period_key = people.month
cross join months_of_cutoffs
