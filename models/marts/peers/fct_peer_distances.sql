-- How far each authority that is compared lies from every other in England: over all topics, and
-- over each topic by itself.
with

    measures as (select * from {{ ref("fct_peer_measures") }}),

    authorities as (select * from {{ ref("dim_district") }}),

    compared as (select district_code from authorities where is_county_or_neighbour),

    measures_held as (
        select topic, count(distinct measure_code) as measure_count from measures group by topic
    ),

    pairs_by_topic as (
        select
            compared.district_code as authority_code,
            own.financial_year,
            other.authority_code as peer_code,
            own.topic,
            sum(own.weight * power(own.standardised - other.standardised, 2)) as squares,
            sum(own.weight) as weight,
            count(*) as measure_count
        from compared
        inner join measures as own on compared.district_code = own.authority_code
        inner join
            measures as other
            on own.measure_code = other.measure_code
            and own.authority_code <> other.authority_code
        group by compared.district_code, own.financial_year, other.authority_code, own.topic
    ),

    -- Who lacks a measure that others have would seem nearer than it is.
    pairs_complete as (
        select pairs_by_topic.*
        from pairs_by_topic
        inner join
            measures_held
            on pairs_by_topic.topic = measures_held.topic
            and pairs_by_topic.measure_count = measures_held.measure_count
    ),

    topics_held as (select count(*) as topic_count from measures_held),

    distances as (
        select authority_code, financial_year, peer_code, topic, sqrt(squares / weight) as distance
        from pairs_complete
        union all
        select
            pairs_complete.authority_code,
            pairs_complete.financial_year,
            pairs_complete.peer_code,
            cast(null as varchar) as topic,
            sqrt(sum(pairs_complete.squares) / sum(pairs_complete.weight)) as distance
        from pairs_complete
        cross join topics_held
        group by
            pairs_complete.authority_code,
            pairs_complete.financial_year,
            pairs_complete.peer_code,
            topics_held.topic_count
        having count(*) = topics_held.topic_count
    )

select
    authority_code,
    financial_year,
    peer_code,
    topic,
    round(distance, 4) as distance,
    {{ build_id() }} as build_id
from distances
