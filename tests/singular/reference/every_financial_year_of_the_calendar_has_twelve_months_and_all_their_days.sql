with

    months as (select * from {{ ref("dim_month") }}),

    days as (select * from {{ ref("time_spine_day") }}),

    days_by_month as (
        select cast(date_trunc('month', date_day) as date) as month, count(*) as day_count
        from days
        group by cast(date_trunc('month', date_day) as date)
    ),

    years as (
        select
            months.financial_year,
            count(*) as month_count,
            sum(months.days_in_month) as days_in_months,
            sum(days_by_month.day_count) as day_count,
            -- From 1 April to the last day of March.
            {{
                days_between(
                    "min(months.financial_year_start_date)",
                    "cast(min(months.financial_year_start_date) + interval '1 year' as date)",
                )
            }} as days_in_year
        from months
        left join days_by_month on months.month = days_by_month.month
        group by months.financial_year
    )

select *
from years
where month_count <> 12 or days_in_months <> days_in_year or day_count is distinct from days_in_year
