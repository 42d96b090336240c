-- A month after the last yardstick would make everybody unknown in silence: it fails instead.
-- Months
-- before the first are unknown, and say so.
with

    month_figures as (select * from {{ ref("int_living_standards__month_figures") }}),

    essentials as (select min(valid_from) as first_day from {{ ref("essentials") }})

select month_figures.month
from month_figures
cross join essentials
where
    month_figures.month >= essentials.first_day
    and (
        month_figures.essentials_couple_gbp is null
        or month_figures.food_couple_gbp is null
        or month_figures.energy_gbp is null
        or month_figures.water_gbp is null
        or month_figures.floor_share is null
        or month_figures.struggling_below_gbp is null
        or month_figures.fuel_stress_share is null
        or month_figures.water_share_lower is null
        or month_figures.water_share_higher is null
        or month_figures.look_back_months is null
        or month_figures.arrears_repayment_months is null
        or month_figures.child_benefit_eldest_gbp is null
        or month_figures.guarantee_couple_gbp is null
        or month_figures.capital_disregarded_gbp is null
    )
