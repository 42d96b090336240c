-- What configuration says, through the dimensions, to what is published.
with

    schemes as (select * from {{ ref("stg_configuration__schemes") }}),

    bands as (select * from {{ ref("stg_configuration__scheme_bands") }}),

    dim_scheme as (select * from {{ ref("dim_scheme") }}),

    dim_scheme_band as (select * from {{ ref("dim_scheme_band") }}),

    published as (select * from {{ source("published", "scheme") }}),

    published_bands as (select * from {{ source("published", "scheme_band") }}),

    schemes_off as (
        select coalesce(schemes.scheme_key, dim_scheme.scheme_key) as scheme_key
        from schemes
        full outer join dim_scheme on schemes.scheme_key = dim_scheme.scheme_key
        left join published on schemes.scheme_key = published.scheme_key
        where
            schemes.scheme_key is null
            or dim_scheme.scheme_key is null
            or published.scheme_key is null
            {% for figure in [
                "maximum_pct",
                "capital_limit_gbp",
                "minimum_award_gbp",
                "taper_pct",
                "non_dependant_working_gbp",
                "non_dependant_other_gbp",
                "child_cap",
                "backdating_months",
                "hardship_fund_gbp",
            ] %}
                or schemes.{{ figure }} is distinct from dim_scheme.{{ figure }}
                or schemes.{{ figure }} is distinct from published.{{ figure }}
            {% endfor %}
    ),

    bands_off as (
        select coalesce(bands.scheme_key, dim_scheme_band.scheme_key) as scheme_key
        from bands
        full outer join
            dim_scheme_band
            on bands.scheme_key = dim_scheme_band.scheme_key
            and bands.household_type = dim_scheme_band.household_type
            and bands.band_number = dim_scheme_band.band_number
        left join
            published_bands
            on bands.scheme_key = published_bands.scheme_key
            and bands.household_type = published_bands.household_type
            and cast(bands.band_number as varchar) = published_bands.band_number
        where
            bands.scheme_key is null
            or dim_scheme_band.scheme_key is null
            or published_bands.scheme_key is null
            {% for figure in ["income_from_gbp", "income_to_gbp", "reduction_pct"] %}
                or bands.{{ figure }} is distinct from dim_scheme_band.{{ figure }}
                or bands.{{ figure }} is distinct from published_bands.{{ figure }}
            {% endfor %}
    )

select scheme_key
from schemes_off
union all
select scheme_key
from bands_off
