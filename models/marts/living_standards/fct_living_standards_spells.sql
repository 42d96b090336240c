with

    living_standards as (
        select district_code, household_key, month, living_standards_class, shortfall_gbp
        from {{ ref("fct_living_standards") }}
    ),

    classes as (select * from {{ ref("living_standards_classes") }}),

    compared_with_month_before as (
        select
            *,
            lag(month) over by_month as month_before,
            lag(living_standards_class) over by_month as class_before
        from living_standards
        window by_month as (partition by household_key order by month)
    ),

    -- A month without the household ends a spell, and the class it comes back in begins one.
    starts_marked as (
        select
            *,
            case
                when
                    month_before is null
                    or month_before <> (month - interval '1 month')
                    or class_before <> living_standards_class
                then month
            end as start_month
        from compared_with_month_before
    ),

    months_in_spells as (
        select
            *,
            max(start_month) over (
                partition by household_key
                order by month
                rows between unbounded preceding and current row
            ) as first_month
        from starts_marked
    ),

    spells as (
        select
            household_key,
            first_month,
            max(district_code) as district_code,
            max(living_standards_class) as living_standards_class,
            max(month) as last_month,
            count(*) as month_count,
            sum(shortfall_gbp) as shortfall_gbp
        from months_in_spells
        group by household_key, first_month
    ),

    district_months as (
        select district_code, max(month) as last_month, min(month) as first_month
        from living_standards
        group by district_code
    ),

    spells_in_order as (
        select
            spells.*,
            classes.is_shortfall,
            spells.first_month = district_months.first_month as is_from_the_first_month,
            spells.last_month = district_months.last_month as is_open,
            lag(spells.last_month) over in_order as last_month_before,
            case
                when
                    lag(spells.last_month) over in_order = (spells.first_month - interval '1 month')
                then lag(spells.living_standards_class) over in_order
            end as class_before,
            -- A run in shortfall goes on from at risk to in crisis and back; anything else ends it.
            case
                when
                    classes.is_shortfall
                    and not coalesce(
                        lag(classes.is_shortfall) over in_order
                        and lag(spells.last_month) over in_order
                        = (spells.first_month - interval '1 month'),
                        false
                    )
                then spells.first_month
            end as shortfall_start_month
        from spells
        inner join classes on spells.living_standards_class = classes.living_standards_class
        inner join district_months on spells.district_code = district_months.district_code
        window in_order as (partition by spells.household_key order by spells.first_month)
    ),

    shortfall_runs as (
        select
            *,
            max(shortfall_start_month) over (
                partition by household_key
                order by first_month
                rows between unbounded preceding and current row
            ) as run_month
        from spells_in_order
    )

select
    district_code,
    household_key,
    first_month,
    last_month,
    living_standards_class,
    class_before,
    last_month_before,
    is_from_the_first_month,
    is_open,
    is_shortfall,
    cast(month_count as integer) as month_count,
    case when is_shortfall then run_month end as shortfall_from_month,
    cast(
        case
            when is_shortfall
            then
                sum(month_count) over (
                    partition by household_key, is_shortfall, run_month
                    order by first_month
                    rows between unbounded preceding and current row
                )
            else 0
        end as integer
    ) as shortfall_month_count,
    cast(shortfall_gbp as decimal(18, 2)) as shortfall_gbp,
    {{ build_id() }} as build_id
from shortfall_runs
