-- By self-join rather than by window, so that a wrong frame or partition shows. A year of which
-- a month is not held has no year to date.
with

    cts_months as (select * from {{ ref("fct_cts_month") }}),

    months as (select * from {{ ref("dim_month") }}),

    dated as (
        select cts_months.*, months.financial_year, months.financial_month_number
        from cts_months
        inner join months on cts_months.month = months.month
    ),

    summed as (
        select
            dated.district_code,
            dated.month,
            dated.cts_age_group,
            dated.is_on_uc,
            dated.accrued_fytd_gbp,
            dated.recognised_fytd_gbp,
            dated.posted_credit_fytd_gbp,
            dated.financial_month_number,
            count(*) as month_count,
            sum(earlier.accrued_gbp) as accrued_gbp,
            sum(earlier.recognised_gbp) as recognised_gbp,
            sum(earlier.posted_credit_gbp) as posted_credit_gbp
        from dated
        inner join
            dated as earlier
            on dated.district_code = earlier.district_code
            and dated.cts_age_group = earlier.cts_age_group
            and dated.is_on_uc = earlier.is_on_uc
            and dated.financial_year = earlier.financial_year
            and earlier.month <= dated.month
        group by
            dated.district_code,
            dated.month,
            dated.cts_age_group,
            dated.is_on_uc,
            dated.accrued_fytd_gbp,
            dated.recognised_fytd_gbp,
            dated.posted_credit_fytd_gbp,
            dated.financial_month_number
    )

select *
from summed
where
    recognised_fytd_gbp
    is distinct from case when month_count = financial_month_number then recognised_gbp end
    or accrued_fytd_gbp
    is distinct from case when month_count = financial_month_number then accrued_gbp end
    or posted_credit_fytd_gbp
    is distinct from case when month_count = financial_month_number then posted_credit_gbp end
