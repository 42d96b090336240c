-- Landed to six decimals (tax base) and four (pounds), over at most 326 authorities: half of the
-- last decimal each.
with

    band_d as (select * from {{ ref("stg_council_tax_levels__band_d") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    totals as (
        select
            band_d.financial_year,
            sum(case when band_d.is_england then band_d.tax_base end) as england_tax_base,
            sum(case when not band_d.is_england then band_d.tax_base end) as authorities_tax_base
        from band_d
        inner join extract_in_force on band_d.extract_id = extract_in_force.extract_id
        group by band_d.financial_year
    )

select *
from totals
where not coalesce(abs(england_tax_base - authorities_tax_base) <= 0.000164, false)
