-- The denominator of support per dwelling: one row for each district and month with support, with
-- the dwellings of the newest return held for that financial year or an earlier one.
with

    cts_months as (select * from {{ ref("fct_cts_month") }}),

    months as (select * from {{ ref("dim_month") }}),

    dwellings as (select * from {{ ref("fct_published_dwellings") }}),

    chargeable_dwellings as (select * from {{ ref("fct_chargeable_dwelling_month") }}),

    newest_returns as (
        select
            cts_months.district_code, cts_months.month, max(dwellings.financial_year) as return_year
        from cts_months
        inner join months on cts_months.month = months.month
        inner join
            dwellings
            on cts_months.district_code = dwellings.authority_code
            and dwellings.financial_year <= months.financial_year
        group by cts_months.district_code, cts_months.month
    ),

    expected as (
        select
            newest_returns.district_code,
            newest_returns.month,
            dwellings.chargeable_dwellings,
            1 as row_count
        from newest_returns
        inner join
            dwellings
            on newest_returns.district_code = dwellings.authority_code
            and newest_returns.return_year = dwellings.financial_year
    ),

    found as (
        select
            district_code,
            month,
            max(chargeable_dwelling_count) as chargeable_dwellings,
            count(*) as row_count
        from chargeable_dwellings
        group by district_code, month
    )

select *
from expected
full outer join
    found on expected.district_code = found.district_code and expected.month = found.month
where
    expected.chargeable_dwellings is distinct from found.chargeable_dwellings
    or expected.row_count is distinct from found.row_count
