-- Over the whole of the year's authorities, and not over those compared: mean nought and standard
-- deviation one. Every measure of the Council Taxbase is worked out for every authority in it; the
-- workbook of Band D may be of an earlier year, and lack an authority that has come since.
with

    measures as (select * from {{ ref("fct_peer_measures") }}),

    dwellings as (select * from {{ ref("fct_published_dwellings") }}),

    peer_measures as (select * from {{ ref("peer_measures") }}),

    newest_year as (select max(financial_year) as financial_year from dwellings),

    england as (
        select count(*) as authority_count
        from dwellings
        inner join newest_year on dwellings.financial_year = newest_year.financial_year
    ),

    measures_taken as (
        select
            peer_measures.measure_code,
            count(measures.authority_code) as authority_count,
            avg(measures.standardised) as mean_value,
            stddev_pop(measures.standardised) as spread
        from peer_measures
        left join measures on peer_measures.measure_code = measures.measure_code
        group by peer_measures.measure_code
    )

select
    measures_taken.measure_code,
    measures_taken.authority_count,
    measures_taken.mean_value,
    measures_taken.spread,
    england.authority_count as authorities_in_return
from measures_taken
cross join england
where
    abs(measures_taken.mean_value) > 0.0001
    or abs(measures_taken.spread - 1) > 0.0001
    or (
        measures_taken.authority_count <> england.authority_count
        and measures_taken.measure_code <> 'band_d_gbp'
    )
