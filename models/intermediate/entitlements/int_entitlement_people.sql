with

    people as (select * from {{ ref("int_entitlement_source__people") }}),

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

-- An age that is not told is taken to be a child's or a grown-up's, so that the row is there; where
-- that decides, the unit is not assessable (`int_entitlement_households`).
select
    people.month as period_key,
    people.unit_number,
    people.unit_number as home_number,
    -- A claim lists fewer than ninety people beside its claimants.
    people.unit_number * 100 + people.place as person_number,
    people.person_key,
    coalesce(
        people.age_at_month_end, case when people.role = 'child' then 10 else 40 end
    ) as age_years,
    people.role,
    people.role = 'other' as is_non_dependant,
    coalesce(people.pension_age_month <= people.month, false) as is_of_pension_age,
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
    people.has_highest_care,
    people.has_lcwra,
    people.has_lcw_element,
    people.has_daily_living_benefit,
    people.has_disability_benefit,
    case when people.is_carer then 35.0 else 0.0 end as weekly_care_hours,
    -- A non-dependant with gross earnings is taken to be in remunerative work.
    case when people.weekly_gross_income_gbp > 0 then 16.0 else 0.0 end as weekly_hours,
    false as is_in_start_up_period,
    false as is_disregarded_for_council_tax,
    cast(people.childcare_gbp * 12 as decimal(18, 2)) as annual_childcare_gbp,
    people.weekly_gross_income_gbp
from people
cross join months_of_cutoffs
