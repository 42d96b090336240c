with

    award_months as (select * from {{ ref("int_cts__award_months") }}),

    -- One row a district and month: the duplicates that grouping removes are its awards.
    months_held as (
        select district_code, month, {{ financial_year_of("month") }} as financial_year
        from award_months
        group by district_code, month
    ),

    months_counted as (
        select
            *,
            lag(month) over (partition by district_code order by month) as month_held_before,
            count(*) over (
                partition by district_code, financial_year
                order by month
                rows between unbounded preceding and current row
            ) as months_held_count
        from months_held
    )

select
    district_code,
    month,
    financial_year,
    coalesce(
        month_held_before = cast(month - interval '1 month' as date), false
    ) as is_month_before_held,
    -- April is the first month of a council's year: one month held makes it whole.
    months_held_count = (extract(month from month) + 8) % 12 + 1 as is_whole_year_to_date
from months_counted
