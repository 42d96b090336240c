-- Dwellings and Band D beside the return's pounds are those of the workbooks, and what stands for
-- each dwelling is one divided by the other, to the penny.
with

    benchmark as (select * from {{ source("published", "official_cts_benchmark") }}),

    dwellings as (select * from {{ ref("fct_published_dwellings") }}),

    band_d as (select * from {{ ref("fct_published_band_d") }})

select
    benchmark.authority_code,
    benchmark.financial_year,
    benchmark.chargeable_dwelling_count,
    dwellings.chargeable_dwellings,
    benchmark.band_d_gbp,
    band_d.area_band_d_gbp,
    benchmark.cts_forgone_per_dwelling_gbp
from benchmark
left join
    dwellings
    on benchmark.authority_code = dwellings.authority_code
    and benchmark.financial_year = dwellings.financial_year
left join
    band_d
    on benchmark.authority_code = band_d.authority_code
    and benchmark.financial_year = band_d.financial_year
where
    benchmark.chargeable_dwelling_count is distinct from dwellings.chargeable_dwellings
    or benchmark.single_adult_dwelling_count is distinct from dwellings.single_adult_dwellings
    or abs(
        benchmark.single_adult_ratio
        - cast(dwellings.single_adult_dwellings as double) / dwellings.chargeable_dwellings
    )
    > 0.00005001
    or benchmark.band_d_gbp is distinct from band_d.area_band_d_gbp
    or not coalesce(
        abs(
            benchmark.cts_forgone_per_dwelling_gbp
            - benchmark.cts_forgone_gbp / dwellings.chargeable_dwellings
        )
        <= 0.00501
        and abs(
            benchmark.cts_forgone_pension_per_dwelling_gbp
            - benchmark.cts_forgone_pension_gbp / dwellings.chargeable_dwellings
        )
        <= 0.00501
        and abs(
            benchmark.cts_forgone_working_per_dwelling_gbp
            - benchmark.cts_forgone_working_gbp / dwellings.chargeable_dwellings
        )
        <= 0.00501,
        benchmark.cts_forgone_gbp is null
    )
