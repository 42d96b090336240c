-- Wards, districts and the county hold the same households and scores, and an index is worked out
-- from them again.
with

    places as (select * from {{ ref("fct_living_standards_index") }}),

    kinds_added as (
        select
            place_kind,
            month,
            scenario,
            sum(household_count) as household_count,
            sum(in_crisis_count) as in_crisis_count,
            sum(at_risk_count) as at_risk_count,
            sum(struggling_count) as struggling_count,
            sum(coping_count) as coping_count,
            sum(score_sum) as score_sum
        from places
        group by place_kind, month, scenario
    ),

    areas_added as (
        select
            month,
            scenario,
            sum(household_count) as household_count,
            sum(in_crisis_count) as in_crisis_count,
            sum(at_risk_count) as at_risk_count,
            sum(struggling_count) as struggling_count,
            sum(coping_count) as coping_count
        from {{ ref("fct_living_standards_scenario_month") }}
        group by month, scenario
    ),

    kinds as (select place_kind from places group by place_kind),

    expected as (select kinds.place_kind, areas_added.* from areas_added cross join kinds),

    scores as (
        select living_standards_class, class_score from {{ ref("living_standards_classes") }}
    ),

    county as (select * from places where place_kind = 'county' and month = base_month)

select expected.place_kind as place, expected.month, expected.scenario
from expected
full outer join
    kinds_added
    on expected.place_kind = kinds_added.place_kind
    and expected.month = kinds_added.month
    and expected.scenario = kinds_added.scenario
where
    expected.household_count is distinct from kinds_added.household_count
    or expected.in_crisis_count is distinct from kinds_added.in_crisis_count
    or expected.at_risk_count is distinct from kinds_added.at_risk_count
    or expected.struggling_count is distinct from kinds_added.struggling_count
    or expected.coping_count is distinct from kinds_added.coping_count
    or kinds_added.score_sum is distinct from (
        expected.at_risk_count
        * (select class_score from scores where living_standards_class = 'at_risk')
        + expected.struggling_count
        * (select class_score from scores where living_standards_class = 'struggling')
        + expected.coping_count
        * (select class_score from scores where living_standards_class = 'coping')
        + expected.in_crisis_count
        * (select class_score from scores where living_standards_class = 'in_crisis')
    )
union all
select places.place_code as place, places.month, places.scenario
from places
inner join county on places.scenario = county.scenario
where
    places.known_count > 0
    and county.score_sum > 0
    and not coalesce(
        abs(
            places.living_standards_index
            - 100.0
            * (1.0 * places.score_sum / places.known_count)
            / (1.0 * county.score_sum / county.known_count)
        )
        <= 0.006
        and abs(places.mean_score - 1.0 * places.score_sum / places.known_count) <= 0.0001,
        false
    )
