with

    dwellings as (select * from {{ ref("stg_council_taxbase__dwellings") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    billing_authorities as (select * from {{ ref("billing_authorities") }})

select
    -- An authority that does not resolve keeps its row, without a code: the primary key test fails.
    billing_authorities.authority_code,
    dwellings.financial_year,
    dwellings.band,
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
