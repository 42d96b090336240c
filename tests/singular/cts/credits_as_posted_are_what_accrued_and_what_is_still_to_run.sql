-- DEFINITIONS 5: posted credits are reconciled to entitlement. Since 1 April, what a district
-- posted less what accrued (with adjustments) is the part of open awards that runs on to 31 March.
-- Each award period is rounded to the penny once when posted and once a month when accrued, so a
-- household may be out by a penny a month; a quarter of one per cent of the year to date catches
-- anything real. Only years held from April can be compared.
with

    benefit_spend as (select * from {{ ref("fct_benefit_spend") }}),

    award_months as (select * from {{ ref("int_cts__award_months") }}),

    months as (select * from {{ ref("dim_month") }}),

    district_months as (
        select
            benefit_spend.district_code,
            months.financial_year,
            months.financial_month_number,
            benefit_spend.month,
            sum(benefit_spend.recognised_gbp) as recognised_gbp,
            sum(benefit_spend.posted_credit_gbp) as posted_credit_gbp
        from benefit_spend
        inner join months on benefit_spend.month = months.month
        group by
            benefit_spend.district_code,
            months.financial_year,
            months.financial_month_number,
            benefit_spend.month
    ),

    year_to_date as (
        select
            district_code,
            month,
            count(*) over since_april as months_held,
            financial_month_number,
            sum(recognised_gbp) over since_april as recognised_fytd_gbp,
            sum(posted_credit_gbp) over since_april as posted_fytd_gbp
        from district_months
        window
            since_april as (
                partition by district_code, financial_year
                order by month
                rows between unbounded preceding and current row
            )
    ),

    still_to_run as (
        select
            award_months.district_code,
            award_months.month,
            sum(
                award_months.weekly_award_gbp
                / 7
                *
                {{
                    days_between(
                        last_day_of("award_months.month"),
                        "cast(months.financial_year_start_date + interval '1 year' - interval '1 day' as date)",
                    )
                }}
            ) as unexpired_gbp
        from award_months
        inner join months on award_months.month = months.month
        where
            award_months.award_to is null
            or award_months.award_to > {{ last_day_of("award_months.month") }}
        group by award_months.district_code, award_months.month
    ),

    compared as (
        select year_to_date.*, coalesce(still_to_run.unexpired_gbp, 0) as unexpired_gbp
        from year_to_date
        left join
            still_to_run
            on year_to_date.district_code = still_to_run.district_code
            and year_to_date.month = still_to_run.month
        where year_to_date.months_held = year_to_date.financial_month_number
    )

select *
from compared
where
    abs(posted_fytd_gbp - recognised_fytd_gbp - unexpired_gbp)
    > 0.0025 * greatest(posted_fytd_gbp, 1000)
