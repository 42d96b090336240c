with

    authorities as (select * from {{ ref("dim_district") }}),

    distances as (select * from {{ ref("fct_peer_distances") }}),

    dwellings as (select * from {{ ref("fct_published_dwellings") }}),

    cts_forgone as (select * from {{ ref("fct_published_cts_forgone") }}),

    peer_sets as (select * from {{ ref("peer_sets") }}),

    newest_year as (select max(financial_year) as financial_year from dwellings),

    cost_of_authorities as (
        select
            dwellings.authority_code,
            dwellings.financial_year,
            sum(cts_forgone.cts_forgone_gbp) / dwellings.chargeable_dwellings as per_dwelling_gbp
        from dwellings
        inner join newest_year on dwellings.financial_year = newest_year.financial_year
        left join
            cts_forgone
            on dwellings.authority_code = cts_forgone.authority_code
            and dwellings.financial_year = cts_forgone.financial_year
        group by dwellings.authority_code, dwellings.financial_year, dwellings.chargeable_dwellings
    ),

    authorities_of_year as (
        select
            authorities.district_code,
            authorities.authority_type,
            authorities.is_county_district,
            authorities.is_county_or_neighbour,
            cost_of_authorities.financial_year,
            cost_of_authorities.per_dwelling_gbp
        from cost_of_authorities
        inner join authorities on cost_of_authorities.authority_code = authorities.district_code
    ),

    -- The authority compared stands in each of its sets, so that it can be ranked among them.
    admitted as (
        select
            own.district_code as authority_code,
            peer_sets.peer_set,
            other.district_code as member_code,
            own.financial_year,
            peer_sets.set_name,
            peer_sets.set_order,
            peer_sets.topic,
            peer_sets.nearest_count,
            peer_sets.listed_count,
            own.district_code <> other.district_code as is_peer,
            other.per_dwelling_gbp
        from authorities_of_year as own
        cross join authorities_of_year as other
        cross join peer_sets
        where
            own.is_county_or_neighbour
            and (
                own.district_code = other.district_code
                or (
                    (other.is_county_district or not peer_sets.is_of_county)
                    and (other.authority_type = own.authority_type or not peer_sets.is_of_same_type)
                )
            )
    ),

    admitted_by_distance as (
        select
            admitted.*,
            distances.distance,
            case
                when distances.distance is not null
                then
                    row_number() over (
                        partition by admitted.authority_code, admitted.peer_set
                        order by distances.distance nulls last, admitted.member_code
                    )
            end as nearness_rank
        from admitted
        left join
            distances
            on admitted.authority_code = distances.authority_code
            and admitted.member_code = distances.peer_code
            and admitted.topic is not distinct from distances.topic
    ),

    members as (
        select
            *,
            -- By cost and then by code: which of two at the same cost is listed must not be chance.
            row_number() over (
                partition by authority_code, peer_set
                order by per_dwelling_gbp desc nulls last, member_code
            ) as cost_place
        from admitted_by_distance
        where not is_peer or nearest_count is null or nearness_rank <= nearest_count
    ),

    places as (
        select
            *,
            abs(
                cost_place - max(case when not is_peer then cost_place end) over (
                    partition by authority_code, peer_set
                )
            ) as places_away
        from members
    )

select
    authority_code,
    peer_set,
    member_code,
    financial_year,
    set_name,
    cast(set_order as varchar) as set_order,
    is_peer,
    row_number() over (partition by authority_code, peer_set order by places_away, cost_place)
    <= 1 + listed_count as is_listed,
    cast(distance as double) as distance,
    {{ build_id() }} as build_id
from places
