with

    living_standards as (
        select
            district_code,
            coalesce(lsoa_code, 'unknown') as lsoa_code,
            month,
            take_home_gbp - priority_costs_gbp as after_priority_gbp,
            essentials_gbp
        from {{ ref("fct_living_standards") }}
    ),

    month_figures as (select * from {{ ref("int_living_standards__month_figures") }}),

    scenarios as (select * from {{ ref("living_standards_scenarios") }}),

    scenario_months as (
        select
            scenarios.scenario,
            scenarios.essentials_factor,
            month_figures.month,
            month_figures.floor_share,
            month_figures.struggling_below_gbp + scenarios.band_shift_gbp as struggling_below_gbp
        from scenarios
        cross join month_figures
    ),

    classed_again as (
        select
            living_standards.district_code,
            living_standards.lsoa_code,
            living_standards.month,
            scenario_months.scenario,
            {{
                living_standards_class(
                    "living_standards.after_priority_gbp",
                    "(living_standards.essentials_gbp * scenario_months.essentials_factor)",
                    "scenario_months.floor_share",
                    "scenario_months.struggling_below_gbp",
                )
            }} as living_standards_class
        from living_standards
        inner join scenario_months on living_standards.month = scenario_months.month
    )

select
    district_code,
    lsoa_code,
    month,
    scenario,
    cast(count(*) as integer) as household_count,
    cast(
        sum(case when living_standards_class = 'in_crisis' then 1 else 0 end) as integer
    ) as in_crisis_count,
    cast(
        sum(case when living_standards_class = 'at_risk' then 1 else 0 end) as integer
    ) as at_risk_count,
    cast(
        sum(case when living_standards_class = 'struggling' then 1 else 0 end) as integer
    ) as struggling_count,
    cast(
        sum(case when living_standards_class = 'coping' then 1 else 0 end) as integer
    ) as coping_count,
    {{ build_id() }} as build_id
from classed_again
group by district_code, lsoa_code, month, scenario
