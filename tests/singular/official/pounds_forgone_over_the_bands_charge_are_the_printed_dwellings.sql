-- £ forgone ÷ (area Band D × band ratio) = dwelling equivalents, on every cell printed in a year
-- whose Band D workbook is loaded. Three publications meet here: pounds and dwellings from the
-- Council Taxbase, Band D from the Council Tax levels. The tolerance is half of the fifth decimal,
-- to which dwelling equivalents are printed, and a tenth of that for the pounds' own fourth
-- decimal.
with

    cts_forgone as (select * from {{ ref("fct_published_cts_forgone") }}),

    band_d as (select * from {{ ref("fct_published_band_d") }}),

    band_ratios as (select * from {{ ref("band_ratios") }}),

    band_d_years as (select financial_year from band_d group by financial_year),

    cells as (
        select
            cts_forgone.authority_code,
            cts_forgone.financial_year,
            cts_forgone.band,
            cts_forgone.age_group,
            cts_forgone.dwelling_equivalents,
            cts_forgone.cts_forgone_gbp
            / (band_d.area_band_d_gbp * band_ratios.ninths_of_band_d / 9) as dwellings_forgone
        from cts_forgone
        inner join band_d_years on cts_forgone.financial_year = band_d_years.financial_year
        left join
            band_d
            on cts_forgone.authority_code = band_d.authority_code
            and cts_forgone.financial_year = band_d.financial_year
        left join band_ratios on cts_forgone.band = band_ratios.band
        where cts_forgone.mark is null
    )

select *
from cells
where not coalesce(abs(dwellings_forgone - dwelling_equivalents) <= 0.0000055, false)
