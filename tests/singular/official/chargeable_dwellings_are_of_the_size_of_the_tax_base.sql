-- Two publications meet here. The tax base is dwellings in Band D equivalents after discounts and
-- support, so it lies between a third of the chargeable dwellings (many of them small) and half as
-- many again (most of them large); a count in other units is far outside.
with

    dwellings as (select * from {{ ref("stg_council_taxbase__dwellings") }}),

    band_d as (select * from {{ ref("stg_council_tax_levels__band_d") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    chargeable as (
        select
            dwellings.mhclg_code,
            dwellings.financial_year,
            sum(dwellings.chargeable_dwellings) as chargeable_dwellings
        from dwellings
        inner join extract_in_force on dwellings.extract_id = extract_in_force.extract_id
        where not dwellings.is_england
        group by dwellings.mhclg_code, dwellings.financial_year
    ),

    tax_bases as (
        select band_d.mhclg_code, band_d.financial_year, band_d.tax_base
        from band_d
        inner join extract_in_force on band_d.extract_id = extract_in_force.extract_id
        where not band_d.is_england
    )

select chargeable.*, tax_bases.tax_base
from chargeable
inner join
    tax_bases
    on chargeable.mhclg_code = tax_bases.mhclg_code
    and chargeable.financial_year = tax_bases.financial_year
where
    tax_bases.tax_base is null
    or tax_bases.tax_base < chargeable.chargeable_dwellings / 3
    or tax_bases.tax_base > chargeable.chargeable_dwellings * 1.5
