-- Worked out anew for every two authorities that have all measures: none is lost, in any topic or
-- over all of them (topic null).
with

    authorities as (select * from {{ ref("dim_district") }}),

    measures as (select * from {{ ref("fct_peer_measures") }}),

    distances as (select * from {{ ref("fct_peer_distances") }}),

    measures_held as (select count(distinct measure_code) as measure_count from measures),

    complete as (
        select measures.authority_code
        from measures
        cross join measures_held
        group by measures.authority_code, measures_held.measure_count
        having count(*) = measures_held.measure_count
    ),

    differences as (
        select
            own.authority_code,
            other.authority_code as peer_code,
            own.topic,
            own.weight,
            own.weight * power(own.standardised - other.standardised, 2) as weighted_square
        from measures as own
        inner join measures as other on own.measure_code = other.measure_code
        inner join authorities on own.authority_code = authorities.district_code
        inner join complete on own.authority_code = complete.authority_code
        inner join complete as complete_too on other.authority_code = complete_too.authority_code
        where authorities.is_county_or_neighbour and own.authority_code <> other.authority_code
    ),

    expected as (
        select
            authority_code,
            peer_code,
            topic,
            sqrt(sum(weighted_square) / sum(weight)) as expected_distance
        from differences
        group by grouping sets ((authority_code, peer_code, topic), (authority_code, peer_code))
    )

select
    expected.authority_code,
    expected.peer_code,
    expected.topic,
    expected.expected_distance,
    distances.distance
from expected
left join
    distances
    on expected.authority_code = distances.authority_code
    and expected.peer_code = distances.peer_code
    and expected.topic is not distinct from distances.topic
where distances.distance is null or abs(distances.distance - expected.expected_distance) > 0.0001
