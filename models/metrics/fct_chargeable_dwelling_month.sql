-- The latest official return stands for every month until a later one is loaded: a month's CTS is
-- then divided by dwellings of a stated year, never by none.
{{ config(materialized="table", schema="marts") }}

with

    cts_month as (select * from {{ ref("fct_cts_month") }}),

    months as (select * from {{ ref("dim_month") }}),

    dwellings as (select * from {{ ref("fct_published_dwellings") }}),

    -- Only districts that sent the month: otherwise a county figure would divide the pounds of
    -- eleven
    -- districts by the dwellings of twelve, or of all England.
    district_months_held as (
        select cts_month.district_code, cts_month.month, months.financial_year
        from cts_month
        inner join months on cts_month.month = months.month
        group by cts_month.district_code, cts_month.month, months.financial_year
    ),

    returns_by_month as (
        select
            district_months_held.district_code,
            district_months_held.month,
            dwellings.chargeable_dwellings as chargeable_dwelling_count,
            dwellings.financial_year as dwellings_year,
            dwellings.financial_year < district_months_held.financial_year as is_carried_forward,
            row_number() over (
                partition by district_months_held.district_code, district_months_held.month
                order by dwellings.financial_year desc
            ) as age_rank
        from district_months_held
        inner join
            dwellings
            on district_months_held.district_code = dwellings.authority_code
            and district_months_held.financial_year >= dwellings.financial_year
    )

select
    district_code,
    month,
    chargeable_dwelling_count,
    dwellings_year,
    is_carried_forward,
    {{ build_id() }} as build_id
from returns_by_month
-- Every earlier return of the same authority also qualifies; the newest one stands.
where age_rank = 1
