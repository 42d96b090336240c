-- The line for England prints the bill of all tiers in the column that the authorities have for
-- their own part, with and without parishes. It adds up what every authority requires; ours weights
-- printed charges, whose pennies and later revisions leave up to 3.7p (2022-23). Parishes have no
-- tier above them, and agree but for the last printed penny.
with

    printed as (select * from {{ ref("stg_council_tax_levels__band_d") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    band_d as (select * from {{ ref("fct_published_band_d") }}),

    england as (
        select
            printed.financial_year,
            printed.own_with_parish_band_d_gbp as area_band_d_gbp,
            printed.own_with_parish_band_d_gbp - printed.own_band_d_gbp as parish_band_d_gbp
        from printed
        inner join extract_in_force on printed.extract_id = extract_in_force.extract_id
        where printed.is_england
    ),

    weighted as (
        select
            financial_year,
            sum(cast(area_band_d_gbp as decimal(38, 4)) * tax_base)
            / sum(tax_base) as area_band_d_gbp,
            sum(cast(parish_band_d_gbp as decimal(38, 4)) * tax_base)
            / sum(tax_base) as parish_band_d_gbp,
            count(*) - count(tax_base) as authorities_without_tax_base
        from band_d
        group by financial_year
    )

select
    weighted.financial_year,
    weighted.area_band_d_gbp,
    england.area_band_d_gbp as england_area_band_d_gbp,
    weighted.parish_band_d_gbp,
    england.parish_band_d_gbp as england_parish_band_d_gbp,
    weighted.authorities_without_tax_base
from weighted
left join england on weighted.financial_year = england.financial_year
where
    not coalesce(
        abs(weighted.area_band_d_gbp - england.area_band_d_gbp) <= 0.05
        and abs(weighted.parish_band_d_gbp - england.parish_band_d_gbp) <= 0.01
        and weighted.authorities_without_tax_base = 0,
        false
    )
