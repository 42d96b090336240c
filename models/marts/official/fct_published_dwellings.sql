with

    dwellings as (select * from {{ ref("stg_council_taxbase__dwellings") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    billing_authorities as (select * from {{ ref("billing_authorities") }}),

    authority_bands as (
        select
            billing_authorities.authority_code,
            dwellings.financial_year,
            dwellings.dwellings_on_list,
            dwellings.exempt_dwellings,
            dwellings.chargeable_dwellings,
            dwellings.single_adult_dwellings
        from dwellings
        inner join extract_in_force on dwellings.extract_id = extract_in_force.extract_id
        left join
            billing_authorities
            on dwellings.mhclg_code = billing_authorities.mhclg_code
            and dwellings.financial_year_start_date >= billing_authorities.valid_from
            and (
                billing_authorities.valid_to is null
                or dwellings.financial_year_start_date <= billing_authorities.valid_to
            )
        where not dwellings.is_england
    )

select
    authority_code,
    financial_year,
    cast(sum(chargeable_dwellings) as bigint) as chargeable_dwellings,
    cast(sum(single_adult_dwellings) as bigint) as single_adult_dwellings,
    cast(sum(exempt_dwellings) as bigint) as exempt_dwellings,
    cast(sum(dwellings_on_list) as bigint) as dwellings_on_list,
    {{ build_id() }} as build_id
from authority_bands
group by authority_code, financial_year
