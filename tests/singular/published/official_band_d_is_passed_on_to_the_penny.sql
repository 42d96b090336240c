-- Every authority and year of the workbooks is published, and no figure of it has been touched.
with

    workbooks as (select * from {{ ref("fct_published_band_d") }}),

    published as (select * from {{ source("published", "official_band_d_trend") }})

select
    workbooks.authority_code,
    workbooks.financial_year,
    workbooks.area_band_d_gbp,
    published.band_d_gbp
from workbooks
left join
    published
    on workbooks.authority_code = published.authority_code
    and workbooks.financial_year = published.financial_year
where
    workbooks.area_band_d_gbp is distinct from published.band_d_gbp
    or workbooks.own_band_d_gbp is distinct from published.band_d_own_gbp
    or workbooks.county_band_d_gbp is distinct from published.band_d_county_gbp
    or workbooks.police_band_d_gbp is distinct from published.band_d_police_gbp
    or workbooks.fire_band_d_gbp is distinct from published.band_d_fire_gbp
    or workbooks.parish_band_d_gbp is distinct from published.band_d_parish_gbp
    or workbooks.other_band_d_gbp is distinct from published.band_d_other_gbp
