-- Counts are whole, so nothing is left to rounding. Lines 1 to 4 of the form have no count in band
-- A_disabled: both sums are null there, and equal.
with

    dwellings as (select * from {{ ref("stg_council_taxbase__dwellings") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    totals as (
        select
            dwellings.financial_year,
            dwellings.band,
            dwellings.is_england,
            sum(dwellings.dwellings_on_list) as dwellings_on_list,
            sum(dwellings.exempt_dwellings) as exempt_dwellings,
            sum(dwellings.chargeable_dwellings) as chargeable_dwellings,
            sum(dwellings.chargeable_dwellings_after_relief) as dwellings_after_relief,
            sum(dwellings.single_adult_dwellings) as single_adult_dwellings
        from dwellings
        inner join extract_in_force on dwellings.extract_id = extract_in_force.extract_id
        group by dwellings.financial_year, dwellings.band, dwellings.is_england
    ),

    differences as (
        select
            england.financial_year,
            england.band,
            abs(coalesce(england.dwellings_on_list, 0) - coalesce(authorities.dwellings_on_list, 0))
            + abs(coalesce(england.exempt_dwellings, 0) - coalesce(authorities.exempt_dwellings, 0))
            + abs(
                coalesce(england.chargeable_dwellings, 0)
                - coalesce(authorities.chargeable_dwellings, 0)
            )
            + abs(england.dwellings_after_relief - authorities.dwellings_after_relief)
            + abs(
                england.single_adult_dwellings - authorities.single_adult_dwellings
            ) as difference_count
        from totals as england
        left join
            totals as authorities
            on england.financial_year = authorities.financial_year
            and england.band = authorities.band
            and not authorities.is_england
        where england.is_england
    )

select *
from differences
where not coalesce(difference_count = 0, false)
