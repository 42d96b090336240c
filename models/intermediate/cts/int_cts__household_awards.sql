{{ config(materialized="view") }}

with

    award_months as (select * from {{ ref("int_cts__award_months") }}),

    benefit_units as (select * from {{ ref("stg_links__benefit_units") }})

select award_months.*, benefit_units.household_key
from award_months
inner join
    benefit_units
    on award_months.district_code = benefit_units.district_code
    and award_months.claim_key = benefit_units.source_key
    and benefit_units.source = 'cts_claim'
