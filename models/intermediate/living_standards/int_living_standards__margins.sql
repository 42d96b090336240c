{{ config(materialized="view") }}

with

    costs as (select * from {{ ref("int_living_standards__costs") }}),

    month_figures as (select * from {{ ref("int_living_standards__month_figures") }}),

    -- One part that is not known makes the sum unknown: a null is never a nil.
    parts_added as (
        select
            *,
            cast(
                earnings_gbp
                + universal_credit_gbp
                + housing_benefit_gbp
                + child_benefit_gbp
                + other_benefits_gbp
                + other_income_gbp as decimal(18, 2)
            ) as take_home_gbp,
            cast(housing_cost_gbp + council_tax_gbp as decimal(18, 2)) as priority_gbp
        from costs
    )

select
    parts_added.household_key,
    parts_added.month,
    parts_added.district_code,
    parts_added.lsoa_code,
    parts_added.uc_period_start,
    parts_added.has_home,
    parts_added.age_group,
    parts_added.income_source,
    parts_added.housing_cost_source,
    parts_added.council_tax_source,
    parts_added.is_income_assumed,
    parts_added.has_partner,
    parts_added.child_count,
    parts_added.earnings_gbp,
    parts_added.universal_credit_gbp,
    parts_added.housing_benefit_gbp,
    parts_added.child_benefit_gbp,
    parts_added.other_benefits_gbp,
    parts_added.other_income_gbp,
    parts_added.disability_benefits_gbp,
    parts_added.rent_gbp,
    parts_added.is_over_deductions_cap,
    parts_added.is_rent_over_lha,
    parts_added.housing_cost_gbp,
    parts_added.is_housing_cost_assumed,
    parts_added.council_tax_gbp,
    parts_added.essentials_gbp,
    parts_added.is_essentials_assumed,
    parts_added.is_benefit_capped,
    parts_added.take_home_gbp,
    parts_added.priority_gbp,
    {{
        living_standards_class(
            "(parts_added.take_home_gbp - parts_added.priority_gbp)",
            "parts_added.essentials_gbp",
            "month_figures.floor_share",
            "month_figures.struggling_below_gbp",
        )
    }} as living_standards_class,
    month_figures.energy_gbp
    > month_figures.fuel_stress_share * parts_added.take_home_gbp as is_fuel_stressed,
    month_figures.water_gbp
    > month_figures.water_share_lower
    * (parts_added.take_home_gbp - parts_added.housing_cost_gbp) as is_water_over_lower,
    month_figures.water_gbp
    > month_figures.water_share_higher
    * (parts_added.take_home_gbp - parts_added.housing_cost_gbp) as is_water_over_higher,
    -- What is left after rent, council tax, energy and water, against the food of the essentials.
    parts_added.take_home_gbp
    - parts_added.priority_gbp
    - month_figures.energy_gbp
    - month_figures.water_gbp
    < parts_added.food_gbp as is_short_of_food
from parts_added
left join month_figures on parts_added.month = month_figures.month
