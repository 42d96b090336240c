-- The share of each calendar month in an assessment period (definition 23). The pounds of a period
-- accrue by the day, in equal parts from its first day to its last; a month has the days of the
-- period that lie in it. What falls up to the end of a month is rounded to the penny, and the month
-- has the difference to what fell before it: so the months of a period add to it exactly, and its
-- last month carries the rounding.
with

    award as (select * from {{ source("landing", "universal_credit__award") }}),

    -- A period is a month (SI 2013/376 reg 21), so it lies in two calendar months at most. Only a
    -- first period whose start was determined afresh may be longer (reg 21A); three months hold
    -- every one of up to 59 days, and a longer one fails the test that shares make one.
    months_offered as (
        select
            *,
            {{
                each_of(
                    [
                        "cast(date_trunc('month', period_start) as date)",
                        "cast(date_trunc('month', period_start) + interval '1 month' as date)",
                        "cast(date_trunc('month', period_start) + interval '2 months' as date)",
                    ]
                )
            }} as calendar_month
        from award
    ),

    months_of_periods as (select * from months_offered where calendar_month <= period_end),

    month_ends_known as (
        select
            *,
            {{ last_day_of("calendar_month") }} as month_end,
            {{ days_between("period_start", "period_end") }} + 1 as days_in_period
        from months_of_periods
    ),

    days_counted as (
        select
            *,
            case
                when calendar_month > period_start
                then {{ days_between("period_start", "calendar_month") }}
                else 0
            end as days_before,
            case
                when month_end < period_end
                then {{ days_between("period_start", "month_end") }} + 1
                else days_in_period
            end as days_through
        from month_ends_known
    )

select
    extract_id,
    district_code,
    month as extract_month,
    calendar_month as month,
    uc_key,
    period_start,
    period_end,
    calendar_month = date_trunc('month', period_end) as is_month_of_period_end,
    award_gbp as period_award_gbp,
    days_in_period,
    days_through - days_before as days_in_month_count,
    cast(
        cast(round(1.0 * days_through / days_in_period, 6) as decimal(9, 6))
        - cast(round(1.0 * days_before / days_in_period, 6) as decimal(9, 6)) as decimal(9, 6)
    ) as share_ratio,
    -- Whole pence, so that a half penny is told exactly and rounds up.
    cast(
        0.01 * cast(
            round(cast(award_gbp * 100 as bigint) * days_through / days_in_period, 0)
            - round(cast(award_gbp * 100 as bigint) * days_before / days_in_period, 0) as bigint
        ) as decimal(18, 2)
    ) as accrued_gbp,
    cast(
        0.01 * cast(
            round(cast(net_award_gbp * 100 as bigint) * days_through / days_in_period, 0)
            - round(cast(net_award_gbp * 100 as bigint) * days_before / days_in_period, 0) as bigint
        ) as decimal(18, 2)
    ) as accrued_net_gbp
from days_counted
