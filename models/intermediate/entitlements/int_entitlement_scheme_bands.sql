{{ config(materialized="view") }}

with scheme_bands as (select * from {{ ref("stg_configuration__scheme_bands") }})

select scheme_key, household_type, band_number, income_from_gbp, income_to_gbp, reduction_pct
from scheme_bands
