-- Every start is the first spell of its run, and newcomers of an area are those of its month.
with

    starts as (
        select
            district_code,
            month,
            count(*) as start_count,
            sum(case when is_new_to_hardship then 1 else 0 end) as new_count
        from {{ ref("fct_shortfall_starts") }}
        group by district_code, month
    ),

    spells as (
        select district_code, first_month as month, count(*) as start_count
        from {{ ref("fct_living_standards_spells") }}
        where shortfall_from_month = first_month
        group by district_code, first_month
    ),

    area_months as (
        select district_code, month, coalesce(sum(new_to_hardship_count), 0) as new_count
        from {{ ref("fct_living_standards_month") }}
        group by district_code, month
    )

select
    coalesce(
        starts.district_code, spells.district_code, area_months.district_code
    ) as district_code,
    coalesce(starts.month, spells.month, area_months.month) as month
from area_months
full outer join
    starts on area_months.district_code = starts.district_code and area_months.month = starts.month
full outer join
    spells on starts.district_code = spells.district_code and starts.month = spells.month
where
    starts.start_count is distinct from spells.start_count
    or coalesce(starts.new_count, 0) is distinct from area_months.new_count
