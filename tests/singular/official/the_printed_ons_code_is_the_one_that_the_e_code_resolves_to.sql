-- The marts find an authority by its E-code and year. Where the workbook prints an ONS code too,
-- the two must name the same authority.
with

    cts_forgone as (select * from {{ ref("stg_council_taxbase__cts_forgone") }}),

    dwellings as (select * from {{ ref("stg_council_taxbase__dwellings") }}),

    band_d as (select * from {{ ref("stg_council_tax_levels__band_d") }}),

    billing_authorities as (select * from {{ ref("billing_authorities") }}),

    printed as (
        select mhclg_code, printed_authority_code, financial_year_start_date
        from cts_forgone
        where not is_england
        union
        select mhclg_code, printed_authority_code, financial_year_start_date
        from dwellings
        where not is_england
        union
        select mhclg_code, printed_authority_code, financial_year_start_date
        from band_d
        where not is_england
    )

select printed.*, billing_authorities.authority_code
from printed
left join
    billing_authorities
    on printed.mhclg_code = billing_authorities.mhclg_code
    and printed.financial_year_start_date >= billing_authorities.valid_from
    and (
        billing_authorities.valid_to is null
        or printed.financial_year_start_date <= billing_authorities.valid_to
    )
where
    printed.printed_authority_code is not null
    and not coalesce(printed.printed_authority_code = billing_authorities.authority_code, false)
