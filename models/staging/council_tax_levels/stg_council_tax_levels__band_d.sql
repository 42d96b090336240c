with

    band_d as (select * from {{ source("landing", "council_tax_levels__band_d") }}),

    -- While a new council harmonises its predecessors' levels, the form prints its own Band D in a
    -- block for re-organising authorities, and 0 or a mark where the others have theirs.
    own_levels_resolved as (
        select
            *,
            coalesce(
                nullif(own_with_parish_band_d_gbp, 0),
                nullif(new_own_with_parish_band_d_gbp, 0),
                own_with_parish_band_d_gbp
            ) as own_with_parish_resolved_gbp,
            coalesce(
                nullif(own_band_d_gbp, 0), nullif(new_own_band_d_gbp, 0), own_band_d_gbp
            ) as own_resolved_gbp
        from band_d
    )

select
    extract_id,
    financial_year,
    cast(substr(financial_year, 1, 4) || '-04-01' as date) as financial_year_start_date,
    authority_code as printed_authority_code,
    mhclg_code,
    coalesce(authority_code, '') = 'E92000001' as is_england,
    area_band_d_gbp,
    own_with_parish_resolved_gbp as own_with_parish_band_d_gbp,
    own_resolved_gbp as own_band_d_gbp,
    county_band_d_gbp,
    police_band_d_gbp,
    fire_band_d_gbp,
    -- The column is there since combined authorities can precept.
    coalesce(other_band_d_gbp, 0) as other_band_d_gbp,
    tax_base,
    council_tax_requirement_gbp,
    mark
from own_levels_resolved
