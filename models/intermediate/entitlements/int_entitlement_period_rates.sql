{{ config(materialized="view") }}

with

    periods as (select * from {{ ref("int_entitlement_periods") }}),

    benefit_rates as (select * from {{ ref("benefit_rates") }})

select
    periods.period_key,
    benefit_rates.rate_code,
    benefit_rates.value,
    benefit_rates.unit,
    benefit_rates.legal_basis,
    benefit_rates.source
from periods
inner join
    benefit_rates
    on periods.age_reference_date between benefit_rates.valid_from and benefit_rates.valid_to
