-- Who has Council Tax Support by how deprived the area is: households with support in the latest
-- month of each district, by national decile of the Index of Multiple Deprivation (1 is the most
-- deprived tenth of England's LSOAs). Reads household rows: for a district's own analysts.
with

    households as (select * from {{ ref("dim_household") }}),

    areas as (select * from {{ ref("dim_area") }}),

    current_households as (select * from households where is_current)

select
    areas.imd_decile,
    count(*) as household_count,
    sum(case when current_households.has_cts then 1 else 0 end) as cts_household_count,
    sum(
        case when current_households.cts_age_group = 'working' then 1 else 0 end
    ) as working_age_cts_household_count
from current_households
left join areas on current_households.lsoa_code = areas.lsoa_code
group by areas.imd_decile
order by areas.imd_decile
