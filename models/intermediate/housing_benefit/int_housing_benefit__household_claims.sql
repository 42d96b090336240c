{{ config(materialized="view") }}

with

    claim_months as (select * from {{ ref("int_housing_benefit__claim_months") }}),

    benefit_units as (select * from {{ ref("stg_links__benefit_units") }})

select
    claim_months.*,
    -- A claim that no rule links is a household of its own.
    coalesce(benefit_units.household_key, claim_months.claim_key) as household_key,
    benefit_units.household_key is not null as is_linked
from claim_months
left join
    benefit_units
    on claim_months.district_code = benefit_units.district_code
    and claim_months.claim_key = benefit_units.source_key
    and benefit_units.source = 'hb_claim'
