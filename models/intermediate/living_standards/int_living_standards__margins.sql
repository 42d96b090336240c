{{ config(materialized="view") }}

with

    costs as (select * from {{ ref("int_living_standards__costs") }}),

    month_figures as (select * from {{ ref("int_living_standards__month_figures") }}),

    -- One part that is not known makes the sum unknown: a null is never a nil.
    parts_added as (
        select
            costs.*,
            cast(
                costs.earnings_gbp
                + costs.universal_credit_gbp
                + costs.housing_benefit_gbp
                + costs.child_benefit_gbp
                + costs.other_benefits_gbp
                + costs.other_income_gbp as decimal(18, 2)
            ) as take_home_gbp,
            cast(costs.housing_cost_gbp + costs.council_tax_gbp as decimal(18, 2)) as priority_gbp
        from costs
    )

select
    parts_added.*,
    month_figures.floor_share,
    month_figures.struggling_below_gbp,
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
