-- What makes authorities alike, in the newest year of the Council Taxbase, each measure brought to
-- mean nought and spread one over all of England, so that pounds and shares can be added.
with

    band_dwellings as (select * from {{ ref("int_official__band_dwellings") }}),

    dwellings as (select * from {{ ref("fct_published_dwellings") }}),

    band_d as (select * from {{ ref("fct_published_band_d") }}),

    cts_forgone as (select * from {{ ref("fct_published_cts_forgone") }}),

    peer_measures as (select * from {{ ref("peer_measures") }}),

    newest_year as (select max(financial_year) as financial_year from dwellings),

    dwellings_in_year as (
        select dwellings.*
        from dwellings
        inner join newest_year on dwellings.financial_year = newest_year.financial_year
    ),

    -- The two workbooks are not of one day: where the year's Band D is not held, an older one
    -- stands.
    newest_band_d_year as (
        select max(band_d.financial_year) as financial_year
        from band_d
        inner join newest_year on band_d.financial_year <= newest_year.financial_year
    ),

    support_in_year as (
        select
            cts_forgone.authority_code,
            sum(cts_forgone.cts_forgone_gbp) as cts_forgone_gbp,
            sum(
                case when cts_forgone.age_group = 'pension' then cts_forgone.cts_forgone_gbp end
            ) as pension_forgone_gbp
        from cts_forgone
        inner join newest_year on cts_forgone.financial_year = newest_year.financial_year
        group by cts_forgone.authority_code
    ),

    values_of_measures as (
        select
            authority_code,
            financial_year,
            'chargeable_dwellings' as measure_code,
            cast(chargeable_dwellings as double) as measured
        from dwellings_in_year
        union all
        select
            authority_code,
            financial_year,
            'single_adult_share' as measure_code,
            cast(single_adult_dwellings as double) / chargeable_dwellings as measured
        from dwellings_in_year
        union all
        select
            dwellings_in_year.authority_code,
            dwellings_in_year.financial_year,
            concat('band_', lower(band_dwellings.band), '_share') as measure_code,
            cast(band_dwellings.chargeable_dwellings as double)
            / dwellings_in_year.chargeable_dwellings as measured
        from dwellings_in_year
        inner join
            band_dwellings
            on dwellings_in_year.authority_code = band_dwellings.authority_code
            and dwellings_in_year.financial_year = band_dwellings.financial_year
        union all
        select
            dwellings_in_year.authority_code,
            dwellings_in_year.financial_year,
            'pension_share' as measure_code,
            cast(support_in_year.pension_forgone_gbp as double)
            / nullif(cast(support_in_year.cts_forgone_gbp as double), 0) as measured
        from dwellings_in_year
        inner join
            support_in_year on dwellings_in_year.authority_code = support_in_year.authority_code
        union all
        select
            dwellings_in_year.authority_code,
            dwellings_in_year.financial_year,
            'band_d_gbp' as measure_code,
            cast(band_d.area_band_d_gbp as double) as measured
        from dwellings_in_year
        inner join band_d on dwellings_in_year.authority_code = band_d.authority_code
        inner join newest_band_d_year on band_d.financial_year = newest_band_d_year.financial_year
    ),

    measures_scaled as (
        select
            values_of_measures.authority_code,
            values_of_measures.financial_year,
            values_of_measures.measure_code,
            peer_measures.topic,
            peer_measures.weight,
            values_of_measures.measured,
            case
                when peer_measures.scale = 'logarithm'
                then ln(values_of_measures.measured)
                else values_of_measures.measured
            end as scaled
        from values_of_measures
        -- The disabled relief of Band A is no band of its own and has no row among the measures.
        inner join peer_measures on values_of_measures.measure_code = peer_measures.measure_code
        where values_of_measures.measured is not null
    )

select
    authority_code,
    financial_year,
    measure_code,
    topic,
    weight,
    measured,
    -- Six places, so that a build that adds in another order gives the same. A measure in which all
    -- are alike tells nobody apart.
    round(
        coalesce(
            (scaled - avg(scaled) over (partition by measure_code))
            / nullif(stddev_pop(scaled) over (partition by measure_code), 0),
            0
        ),
        6
    ) as standardised,
    {{ build_id() }} as build_id
from measures_scaled
