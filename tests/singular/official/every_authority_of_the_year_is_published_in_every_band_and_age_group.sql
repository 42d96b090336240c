-- Exactly the authorities that were in being on the first of April, each with every band of the law
-- and both age groups: 309 × 9 × 2 = 5,562 cells in 2022-23. A cell too many fails as well as one
-- too few.
with

    cts_forgone as (select * from {{ ref("fct_published_cts_forgone") }}),

    districts as (select * from {{ ref("dim_district") }}),

    band_ratios as (select * from {{ ref("band_ratios") }}),

    age_groups as (
        select 'pension' as age_group
        union all
        select 'working' as age_group
    ),

    years as (
        select financial_year, cast(substr(financial_year, 1, 4) || '-04-01' as date) as year_start
        from cts_forgone
        group by financial_year
    ),

    expected_cells as (
        select
            districts.district_code as authority_code,
            years.financial_year,
            band_ratios.band,
            age_groups.age_group
        from years
        inner join
            districts
            on years.year_start >= districts.valid_from
            and (districts.valid_to is null or years.year_start <= districts.valid_to)
        cross join band_ratios
        cross join age_groups
    )

select
    expected_cells.authority_code as expected_authority_code,
    cts_forgone.authority_code as published_authority_code,
    coalesce(expected_cells.financial_year, cts_forgone.financial_year) as financial_year,
    coalesce(expected_cells.band, cts_forgone.band) as band,
    coalesce(expected_cells.age_group, cts_forgone.age_group) as age_group
from expected_cells
full join
    cts_forgone
    on expected_cells.authority_code = cts_forgone.authority_code
    and expected_cells.financial_year = cts_forgone.financial_year
    and expected_cells.band = cts_forgone.band
    and expected_cells.age_group = cts_forgone.age_group
where expected_cells.authority_code is null or cts_forgone.authority_code is null
