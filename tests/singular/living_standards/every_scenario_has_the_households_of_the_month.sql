-- As defined is as counted; and with a figure moved, the same households stand in other classes,
-- fewer in shortfall where the essentials are lower and more where they are higher.
with

    scenarios as (select scenario from {{ ref("living_standards_scenarios") }}),

    area_months as (select * from {{ ref("fct_living_standards_month") }}),

    scenario_months as (select * from {{ ref("fct_living_standards_scenario_month") }}),

    expected as (select area_months.*, scenarios.scenario from area_months cross join scenarios)

select expected.district_code, expected.lsoa_code, expected.month, expected.scenario
from expected
full outer join
    scenario_months
    on expected.district_code = scenario_months.district_code
    and expected.lsoa_code = scenario_months.lsoa_code
    and expected.month = scenario_months.month
    and expected.scenario = scenario_months.scenario
where
    expected.household_count is distinct from scenario_months.household_count
    or expected.known_count
    is distinct from scenario_months.in_crisis_count
    + scenario_months.at_risk_count
    + scenario_months.struggling_count
    + scenario_months.coping_count
    or (
        expected.scenario = 'base'
        and (
            expected.in_crisis_count <> scenario_months.in_crisis_count
            or expected.at_risk_count <> scenario_months.at_risk_count
            or expected.struggling_count <> scenario_months.struggling_count
        )
    )
    or (
        expected.scenario in ('band_narrower', 'band_wider')
        and (
            expected.in_crisis_count <> scenario_months.in_crisis_count
            or expected.at_risk_count <> scenario_months.at_risk_count
        )
    )
    or (
        expected.scenario = 'essentials_lower'
        and expected.shortfall_count
        < scenario_months.in_crisis_count + scenario_months.at_risk_count
    )
    or (
        expected.scenario = 'essentials_higher'
        and expected.shortfall_count
        > scenario_months.in_crisis_count + scenario_months.at_risk_count
    )
