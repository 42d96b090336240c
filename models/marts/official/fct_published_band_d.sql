with

    band_d as (select * from {{ ref("stg_council_tax_levels__band_d") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    billing_authorities as (select * from {{ ref("billing_authorities") }})

select
    -- The workbooks to 2018-19 print E-codes only, so the E-code and the year find the ONS code.
    billing_authorities.authority_code,
    band_d.financial_year,
    cast(band_d.area_band_d_gbp as decimal(18, 4)) as area_band_d_gbp,
    cast(band_d.own_band_d_gbp as decimal(18, 4)) as own_band_d_gbp,
    cast(
        band_d.own_with_parish_band_d_gbp - band_d.own_band_d_gbp as decimal(18, 4)
    ) as parish_band_d_gbp,
    cast(band_d.county_band_d_gbp as decimal(18, 4)) as county_band_d_gbp,
    cast(band_d.police_band_d_gbp as decimal(18, 4)) as police_band_d_gbp,
    cast(band_d.fire_band_d_gbp as decimal(18, 4)) as fire_band_d_gbp,
    cast(band_d.other_band_d_gbp as decimal(18, 4)) as other_band_d_gbp,
    cast(band_d.tax_base as decimal(18, 6)) as tax_base,
    {{ build_id() }} as build_id
from band_d
inner join extract_in_force on band_d.extract_id = extract_in_force.extract_id
left join
    billing_authorities
    on band_d.mhclg_code = billing_authorities.mhclg_code
    and band_d.financial_year_start_date >= billing_authorities.valid_from
    and (
        billing_authorities.valid_to is null
        or band_d.financial_year_start_date <= billing_authorities.valid_to
    )
where not band_d.is_england
