-- By area, from the households themselves: all in shortfall, and those whose run began in the month
-- and was new then, who are newly hit in it.
with

    households as (
        select
            living_standards.district_code,
            coalesce(living_standards.lsoa_code, 'unknown') as lsoa_code,
            living_standards.month,
            count(*) as shortfall_count,
            count(case when starts.is_new_to_hardship then 1 end) as new_count,
            count(case when starts.is_new_to_hardship = false then 1 end) as known_count
        from {{ ref("fct_living_standards") }} as living_standards
        left join
            {{ ref("fct_shortfall_starts") }} as starts
            on living_standards.household_key = starts.household_key
            and living_standards.month = starts.month
        where living_standards.living_standards_class in ('in_crisis', 'at_risk')
        group by
            living_standards.district_code,
            coalesce(living_standards.lsoa_code, 'unknown'),
            living_standards.month
    ),

    standing as (select * from {{ ref("fct_shortfall_standing_month") }})

select households.*, standing.newly_hit_count
from households
full outer join
    standing
    on households.district_code = standing.district_code
    and households.lsoa_code = standing.lsoa_code
    and households.month = standing.month
where
    households.month is null
    or standing.month is null
    or households.shortfall_count
    <> standing.known_vulnerable_count + standing.newly_hit_count + standing.not_looked_back_count
    or households.new_count > standing.newly_hit_count
    or households.known_count > standing.known_vulnerable_count
