-- Each figure of the four seeds is there once, whole, and no other: counts and sums by unit.
with

    seeds as (
        select unit, value as figure
        from {{ ref("living_standards_parameters") }}
        union all
        select 'GBP a week' as unit, weekly_single_gbp as figure
        from {{ ref("essentials") }}
        union all
        select 'GBP a week' as unit, weekly_couple_gbp as figure
        from {{ ref("essentials") }}
        union all
        select 'GBP a year' as unit, annual_gbp as figure
        from {{ ref("utility_bills") }}
        union all
        select 'of a first adult' as unit, scale_weight as figure
        from {{ ref("equivalence_scale") }}
    ),

    seeds_added as (
        select unit, count(*) as row_count, sum(figure) as figures from seeds group by unit
    ),

    listed_added as (
        select unit, count(*) as row_count, sum(yardstick_value) as figures
        from {{ ref("dim_living_standards_yardstick") }}
        group by unit
    )

select seeds_added.*, listed_added.row_count as listed_count, listed_added.figures as listed
from seeds_added
full outer join listed_added on seeds_added.unit = listed_added.unit
where
    seeds_added.row_count is distinct from listed_added.row_count
    or not coalesce(abs(seeds_added.figures - listed_added.figures) < 0.0001, false)
