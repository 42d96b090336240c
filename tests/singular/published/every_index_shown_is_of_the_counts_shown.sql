-- A tenth is what one decimal leaves open. The scores are those of the seed.
with

    county as (select * from {{ source("published", "county_living_standards_index_month") }}),

    districts as (select * from {{ source("published", "district_living_standards_index_month") }}),

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

    places as (
        select
            'county' as place,
            month,
            scenario,
            base_month,
            known_count,
            in_crisis_count,
            at_risk_count,
            struggling_count,
            coping_count,
            living_standards_index
        from county
        union all
        select
            district_code as place,
            month,
            scenario,
            base_month,
            known_count,
            in_crisis_count,
            at_risk_count,
            struggling_count,
            coping_count,
            living_standards_index
        from districts
    ),

    scored as (
        select
            places.*,
            (
                places.in_crisis_count * scores.in_crisis_score
                + places.at_risk_count * scores.at_risk_score
                + places.struggling_count * scores.struggling_score
                + places.coping_count * scores.coping_score
            )
            / nullif(places.known_count, 0) as mean_score
        from places
        cross join scores
    )

select scored.*
from scored
left join
    scored as base
    on base.place = 'county'
    and scored.base_month = base.month
    and scored.scenario = base.scenario
where
    abs(100.0 * scored.mean_score / nullif(base.mean_score, 0) - scored.living_standards_index)
    > 0.051
    or (scored.mean_score / nullif(base.mean_score, 0) is null)
    <> (scored.living_standards_index is null)
