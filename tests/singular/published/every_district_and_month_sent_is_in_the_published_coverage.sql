-- Rows as well as months: coverage that counts too few or too many rows misleads about freshness.
with

    extracts as (select * from {{ ref("fct_extracts") }}),

    marts as (
        select
            district_code,
            feed,
            month,
            sum(accepted_rows) as accepted_row_count,
            sum(quarantined_rows) as quarantined_row_count
        from extracts
        where is_in_force
        group by district_code, feed, month
    ),

    published as (select * from {{ source("published", "coverage_month") }}),

    totals as (select * from {{ source("published", "coverage") }}),

    marts_totals as (
        select
            district_code,
            feed,
            count(*) as month_count,
            max(month) as last_month,
            sum(accepted_row_count) as accepted_row_count,
            sum(quarantined_row_count) as quarantined_row_count
        from marts
        group by district_code, feed
    )

select 'month' as grain, marts.district_code, marts.feed, marts.month
from marts
full outer join
    published
    on marts.district_code = published.district_code
    and marts.feed = published.feed
    and marts.month = published.month
where
    marts.district_code is null
    or published.district_code is null
    or {{ is_not_rounded_from("published.accepted_row_count", "marts.accepted_row_count", 2) }}
    or
    {{ is_not_rounded_from("published.quarantined_row_count", "marts.quarantined_row_count", 2) }}
union all
select 'all months' as grain, marts_totals.district_code, marts_totals.feed, marts_totals.last_month
from marts_totals
full outer join
    totals on marts_totals.district_code = totals.district_code and marts_totals.feed = totals.feed
where
    marts_totals.month_count is distinct from totals.month_count
    or marts_totals.last_month is distinct from totals.last_month
    or {{ is_not_rounded_from("totals.accepted_row_count", "marts_totals.accepted_row_count", 2) }}
    or {{
        is_not_rounded_from(
            "totals.quarantined_row_count", "marts_totals.quarantined_row_count", 2
        )
    }}
