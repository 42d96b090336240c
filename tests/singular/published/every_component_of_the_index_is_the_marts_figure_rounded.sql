-- Areas of each scenario added up; the county stands without a district.
with

    area_months as (select * from {{ ref("fct_living_standards_scenario_month") }}),

    marts as (
        select
            district_code,
            month,
            scenario,
            sum(household_count) as household_count,
            sum(in_crisis_count + at_risk_count + struggling_count + coping_count) as known_count,
            sum(in_crisis_count) as in_crisis_count,
            sum(at_risk_count) as at_risk_count,
            sum(struggling_count) as struggling_count,
            sum(coping_count) as coping_count
        from area_months
        group by district_code, month, scenario
        union all
        select
            'county' as district_code,
            month,
            scenario,
            sum(household_count) as household_count,
            sum(in_crisis_count + at_risk_count + struggling_count + coping_count) as known_count,
            sum(in_crisis_count) as in_crisis_count,
            sum(at_risk_count) as at_risk_count,
            sum(struggling_count) as struggling_count,
            sum(coping_count) as coping_count
        from area_months
        group by month, scenario
    ),

    published as (
        select
            district_code,
            month,
            scenario,
            household_count,
            household_count_mark,
            known_count,
            known_count_mark,
            in_crisis_count,
            in_crisis_count_mark,
            at_risk_count,
            at_risk_count_mark,
            struggling_count,
            struggling_count_mark,
            coping_count,
            coping_count_mark
        from {{ source("published", "district_living_standards_index_month") }}
        union all
        select
            'county' as district_code,
            month,
            scenario,
            household_count,
            household_count_mark,
            known_count,
            known_count_mark,
            in_crisis_count,
            in_crisis_count_mark,
            at_risk_count,
            at_risk_count_mark,
            struggling_count,
            struggling_count_mark,
            coping_count,
            coping_count_mark
        from {{ source("published", "county_living_standards_index_month") }}
    )

select marts.*, published.district_code as published_district_code
from marts
full outer join
    published
    on marts.district_code = published.district_code
    and marts.month = published.month
    and marts.scenario = published.scenario
where
    marts.district_code is null
    or published.district_code is null
    or {{ is_not_rounded_from("published.household_count", "marts.household_count", 2) }}
    or (published.household_count is null and published.household_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.known_count", "marts.known_count", 2) }}
    or (published.known_count is null and published.known_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.in_crisis_count", "marts.in_crisis_count", 2) }}
    or (published.in_crisis_count is null and published.in_crisis_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.at_risk_count", "marts.at_risk_count", 2) }}
    or (published.at_risk_count is null and published.at_risk_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.struggling_count", "marts.struggling_count", 2) }}
    or (published.struggling_count is null and published.struggling_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.coping_count", "marts.coping_count", 2) }}
    or (published.coping_count is null and published.coping_count_mark is distinct from 'c')
