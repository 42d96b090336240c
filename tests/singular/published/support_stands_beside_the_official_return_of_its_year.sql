-- Each district and year that either side holds is there once; the return is passed on to the
-- penny,
-- the warehouse's amount is the mart's rounded, and only where both are held is there a difference.
with

    warehouse as (
        select district_code, financial_year, sum(annual_award_gbp) as annual_award_gbp
        from {{ ref("fct_ct_support") }}
        group by district_code, financial_year
    ),

    senders as (select district_code from {{ ref("dim_district") }} where is_warehouse_district),

    returns as (
        select
            forgone.authority_code,
            forgone.financial_year,
            sum(forgone.cts_forgone_gbp) as return_gbp,
            sum(
                case when forgone.age_group = 'pension' then forgone.cts_forgone_gbp end
            ) as return_pension_gbp,
            sum(
                case when forgone.age_group = 'working' then forgone.cts_forgone_gbp end
            ) as return_working_gbp
        from {{ ref("fct_published_cts_forgone") }} as forgone
        inner join senders on forgone.authority_code = senders.district_code
        group by forgone.authority_code, forgone.financial_year
    ),

    expected as (
        select
            coalesce(warehouse.district_code, returns.authority_code) as district_code,
            coalesce(warehouse.financial_year, returns.financial_year) as financial_year,
            warehouse.annual_award_gbp,
            returns.return_gbp,
            returns.return_pension_gbp,
            returns.return_working_gbp
        from warehouse
        full outer join
            returns
            on warehouse.district_code = returns.authority_code
            and warehouse.financial_year = returns.financial_year
    ),

    published as (select * from {{ source("published", "district_cts_reconciliation") }})

select expected.*, published.annual_award_gbp as published_award_gbp, published.difference_gbp
from expected
full outer join
    published
    on expected.district_code = published.district_code
    and expected.financial_year = published.financial_year
where
    expected.district_code is null
    or published.district_code is null
    or expected.return_gbp is distinct from published.return_gbp
    or expected.return_pension_gbp is distinct from published.return_pension_gbp
    or expected.return_working_gbp is distinct from published.return_working_gbp
    or {{ is_not_rounded_from("published.annual_award_gbp", "expected.annual_award_gbp", 500) }}
    or (expected.annual_award_gbp is null)
    <> (published.annual_award_gbp_mark is not distinct from 'x')
    or published.difference_gbp is distinct from (published.annual_award_gbp - expected.return_gbp)
