-- DEFINITIONS 5: posted credits are reconciled to entitlement. Since 1 April, what a district
-- posted less what accrued (with adjustments) is the part of open awards that runs on to 31 March.
-- Each award period is rounded to the penny once when posted and once a month when accrued, so a
-- household may be out by two pennies a month. A row set aside hides what was posted for it, at
-- most
-- 53 weeks of its award; where its award could not be read, of the district's largest. (The first
-- of two rows with one key is kept, so a repeat hides nothing.) Only years held from April can be
-- compared, and only districts that credit a year at once, as `districts.yml` says of each.
with

    benefit_spend as (select * from {{ ref("fct_benefit_spend") }}),

    award_months as (select * from {{ ref("int_cts__award_months") }}),

    months as (select * from {{ ref("dim_month") }}),

    districts as (select * from {{ ref("stg_configuration__districts") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    quarantine_reasons as (select * from {{ ref("stg_extracts__quarantine_reasons") }}),

    district_months as (
        select
            benefit_spend.district_code,
            months.financial_year,
            months.financial_month_number,
            benefit_spend.month,
            count(*) as household_count,
            max(benefit_spend.weekly_award_gbp) as largest_award_gbp,
            sum(benefit_spend.recognised_gbp) as recognised_gbp,
            sum(benefit_spend.posted_credit_gbp) as posted_credit_gbp
        from benefit_spend
        inner join months on benefit_spend.month = months.month
        inner join
            districts
            on benefit_spend.district_code = districts.district_code
            and districts.credits_posted = 'yearly'
        where benefit_spend.benefit_code = 'cts'
        group by
            benefit_spend.district_code,
            months.financial_year,
            months.financial_month_number,
            benefit_spend.month
    ),

    set_aside as (
        select
            extract_in_force.district_code,
            extract_in_force.month,
            sum(quarantine_reasons.quarantined_gbp) as hidden_award_gbp,
            sum(
                case
                    when
                        quarantine_reasons.column_name = 'weekly_award_gbp'
                        or quarantine_reasons.reason in ('field_count', 'error_cell')
                    then quarantine_reasons.quarantined_rows
                    else 0
                end
            ) as unreadable_rows
        from quarantine_reasons
        inner join extract_in_force on quarantine_reasons.extract_id = extract_in_force.extract_id
        where extract_in_force.feed = 'cts' and quarantine_reasons.reason <> 'duplicate_key'
        group by extract_in_force.district_code, extract_in_force.month
    ),

    year_to_date as (
        select
            district_months.district_code,
            district_months.month,
            count(*) over since_april as months_held,
            district_months.financial_month_number,
            sum(district_months.recognised_gbp) over since_april as recognised_fytd_gbp,
            sum(district_months.posted_credit_gbp) over since_april as posted_fytd_gbp,
            sum(district_months.household_count) over since_april * 0.02 as rounding_gbp,
            53 * (
                coalesce(sum(set_aside.hidden_award_gbp) over since_april, 0)
                + coalesce(sum(set_aside.unreadable_rows) over since_april, 0)
                * max(district_months.largest_award_gbp) over since_april
            ) as hidden_gbp
        from district_months
        left join
            set_aside
            on district_months.district_code = set_aside.district_code
            and district_months.month = set_aside.month
        window
            since_april as (
                partition by district_months.district_code, district_months.financial_year
                order by district_months.month
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
where abs(posted_fytd_gbp - recognised_fytd_gbp - unexpired_gbp) > rounding_gbp + hidden_gbp
