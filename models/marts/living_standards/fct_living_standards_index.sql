with

    scenario_months as (select * from {{ ref("fct_living_standards_scenario_month") }}),

    areas as (select * from {{ ref("dim_area") }}),

    classes as (select * from {{ ref("living_standards_classes") }}),

    scores as (
        select
            max(
                case when living_standards_class = 'in_crisis' then class_score end
            ) as in_crisis_score,
            max(case when living_standards_class = 'at_risk' then class_score end) as at_risk_score,
            max(
                case when living_standards_class = 'struggling' then class_score end
            ) as struggling_score,
            max(case when living_standards_class = 'coping' then class_score end) as coping_score
        from classes
    ),

    -- A row for each place that an area lies in: its ward, its district and the county.
    places as (
        select
            {{ each_of(["'county'", "'district'", "'ward'"]) }} as place_kind,
            scenario_months.*,
            areas.ward_code
        from scenario_months
        left join areas on scenario_months.lsoa_code = areas.lsoa_code
    ),

    places_named as (
        select
            *,
            case
                when place_kind = 'county'
                then 'county'
                when place_kind = 'district'
                then district_code
                else coalesce(ward_code, 'unknown in ' || district_code)
            end as place_code
        from places
    ),

    place_months as (
        select
            place_kind,
            place_code,
            case when place_kind <> 'county' then max(district_code) end as district_code,
            month,
            scenario,
            sum(household_count) as household_count,
            sum(in_crisis_count) as in_crisis_count,
            sum(at_risk_count) as at_risk_count,
            sum(struggling_count) as struggling_count,
            sum(coping_count) as coping_count
        from places_named
        group by place_kind, place_code, month, scenario
    ),

    scored as (
        select
            place_months.*,
            place_months.in_crisis_count
            + place_months.at_risk_count
            + place_months.struggling_count
            + place_months.coping_count as known_count,
            place_months.in_crisis_count * scores.in_crisis_score
            + place_months.at_risk_count * scores.at_risk_score
            + place_months.struggling_count * scores.struggling_score
            + place_months.coping_count * scores.coping_score as score_sum
        from place_months
        cross join scores
    ),

    first_months as (
        select district_code, min(month) as first_month from scenario_months group by district_code
    ),

    -- The first month that every district is there in: before it the county is another.
    base_month as (select max(first_month) as month from first_months),

    county_in_base_month as (
        select scored.scenario, scored.month as base_month, scored.score_sum, scored.known_count
        from scored
        inner join base_month on scored.month = base_month.month
        where scored.place_kind = 'county'
    )

select
    scored.place_kind,
    scored.place_code,
    scored.district_code,
    scored.month,
    scored.scenario,
    county_in_base_month.base_month,
    cast(scored.household_count as integer) as household_count,
    cast(scored.known_count as integer) as known_count,
    cast(scored.in_crisis_count as integer) as in_crisis_count,
    cast(scored.at_risk_count as integer) as at_risk_count,
    cast(scored.struggling_count as integer) as struggling_count,
    cast(scored.coping_count as integer) as coping_count,
    cast(scored.score_sum as integer) as score_sum,
    -- Division by nought is null: a place of unknown households has no index.
    cast(scored.score_sum / nullif(scored.known_count, 0) as decimal(18, 4)) as mean_score,
    cast(
        100.0
        * scored.score_sum
        * county_in_base_month.known_count
        / nullif(scored.known_count * county_in_base_month.score_sum, 0) as decimal(18, 2)
    ) as living_standards_index,
    cast(scored.known_count / scored.household_count as decimal(18, 4)) as coverage_ratio,
    {{ build_id() }} as build_id
from scored
inner join county_in_base_month on scored.scenario = county_in_base_month.scenario
