-- Whoever is compared and in the year's return has itself once in every set, and as many peers as
-- the
-- set's rule names, or everybody whom its conditions let in.
with

    authorities as (select * from {{ ref("dim_district") }}),

    dwellings as (select * from {{ ref("fct_published_dwellings") }}),

    members as (select * from {{ ref("fct_peer_set_members") }}),

    peer_sets as (select * from {{ ref("peer_sets") }}),

    newest_year as (select max(financial_year) as financial_year from dwellings),

    in_return as (
        select authorities.*
        from authorities
        inner join dwellings on authorities.district_code = dwellings.authority_code
        inner join newest_year on dwellings.financial_year = newest_year.financial_year
    ),

    expected as (
        select
            own.district_code as authority_code,
            peer_sets.peer_set,
            least(
                coalesce(peer_sets.nearest_count, 1000),
                count(
                    case
                        when
                            own.district_code <> other.district_code
                            and (other.is_county_district or not peer_sets.is_of_county)
                            and (
                                other.authority_type = own.authority_type
                                or not peer_sets.is_of_same_type
                            )
                        then 1
                    end
                )
            ) as peer_count
        from in_return as own
        cross join in_return as other
        cross join peer_sets
        where own.is_county_or_neighbour
        group by own.district_code, peer_sets.peer_set, peer_sets.nearest_count
    ),

    found as (
        select
            authority_code,
            peer_set,
            count(case when is_peer then 1 end) as peer_count,
            count(case when not is_peer then 1 end) as own_count
        from members
        group by authority_code, peer_set
    )

select expected.*, found.peer_count as found_count, found.own_count
from expected
left join
    found on expected.authority_code = found.authority_code and expected.peer_set = found.peer_set
where found.peer_count is distinct from expected.peer_count or found.own_count is distinct from 1
