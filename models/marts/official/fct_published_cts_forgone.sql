with

    cts_forgone as (select * from {{ ref("stg_council_taxbase__cts_forgone") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    billing_authorities as (select * from {{ ref("billing_authorities") }})

select
    -- An authority that does not resolve keeps its row, without a code: the primary key test fails.
    billing_authorities.authority_code,
    cts_forgone.financial_year,
    cts_forgone.band,
    cts_forgone.age_group,
    cast(cts_forgone.cts_forgone_gbp as decimal(18, 4)) as cts_forgone_gbp,
    cast(cts_forgone.dwelling_equivalents as decimal(18, 6)) as dwelling_equivalents,
    cts_forgone.mark,
    {{ build_id() }} as build_id
from cts_forgone
inner join extract_in_force on cts_forgone.extract_id = extract_in_force.extract_id
left join
    billing_authorities
    on cts_forgone.mhclg_code = billing_authorities.mhclg_code
    and cts_forgone.financial_year_start_date >= billing_authorities.valid_from
    and (
        billing_authorities.valid_to is null
        or cts_forgone.financial_year_start_date <= billing_authorities.valid_to
    )
where not cts_forgone.is_england
