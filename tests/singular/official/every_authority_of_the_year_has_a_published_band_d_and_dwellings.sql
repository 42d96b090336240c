-- Exactly the authorities that were in being on the first of April of each year loaded.
with

    band_d as (select * from {{ ref("fct_published_band_d") }}),

    dwellings as (select * from {{ ref("fct_published_dwellings") }}),

    districts as (select * from {{ ref("dim_district") }}),

    published as (
        select 'band_d' as publication, authority_code, financial_year
        from band_d
        union all
        select 'dwellings' as publication, authority_code, financial_year
        from dwellings
    ),

    years as (
        select
            publication,
            financial_year,
            cast(substr(financial_year, 1, 4) || '-04-01' as date) as year_start
        from published
        group by publication, financial_year
    ),

    expected as (
        select years.publication, districts.district_code as authority_code, years.financial_year
        from years
        inner join
            districts
            on years.year_start >= districts.valid_from
            and (districts.valid_to is null or years.year_start <= districts.valid_to)
    )

select
    expected.authority_code as expected_authority_code,
    published.authority_code as published_authority_code,
    coalesce(expected.publication, published.publication) as publication,
    coalesce(expected.financial_year, published.financial_year) as financial_year
from expected
full join
    published
    on expected.publication = published.publication
    and expected.authority_code = published.authority_code
    and expected.financial_year = published.financial_year
where expected.authority_code is null or published.authority_code is null
