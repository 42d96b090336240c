-- Relief moves a dwelling to the band below and takes none away: line 4 and line 7 of the form have
-- one total.
with

    dwellings as (select * from {{ ref("stg_council_taxbase__dwellings") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    totals as (
        select
            dwellings.financial_year,
            dwellings.mhclg_code,
            sum(dwellings.chargeable_dwellings) as before_relief,
            sum(dwellings.chargeable_dwellings_after_relief) as after_relief
        from dwellings
        inner join extract_in_force on dwellings.extract_id = extract_in_force.extract_id
        group by dwellings.financial_year, dwellings.mhclg_code
    )

select *
from totals
where not coalesce(before_relief = after_relief, false)
