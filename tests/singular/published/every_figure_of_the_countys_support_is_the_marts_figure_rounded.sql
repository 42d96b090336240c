with

    marts as (
        select
            month,
            sum(household_count) as caseload_count,
            sum(case when is_on_uc then household_count else 0 end) as on_uc_caseload_count,
            sum(new_award_count) as new_award_count,
            sum(recognised_gbp) as recognised_gbp,
            sum(accrued_gbp) as accrued_gbp,
            sum(retrospective_adjustment_gbp) as retrospective_adjustment_gbp,
            sum(recognised_fytd_gbp) as recognised_fytd_gbp,
            sum(accrued_fytd_gbp) as accrued_fytd_gbp,
            sum(posted_credit_gbp) as posted_credit_gbp,
            sum(weekly_award_gbp) as weekly_award_gbp
        from {{ ref("fct_cts_month") }}
        group by month
    ),

    published as (select * from {{ source("published", "county_cts_month") }})

select marts.*, published.month as published_month
from marts
full outer join published on marts.month = published.month
where
    marts.month is null
    or published.month is null
    or {{ is_not_rounded_from("published.caseload_count", "marts.caseload_count", 2) }}
    or {{ is_not_rounded_from("published.on_uc_caseload_count", "marts.on_uc_caseload_count", 2) }}
    or {{ is_not_rounded_from("published.new_award_count", "marts.new_award_count", 2) }}
    or {{ is_not_rounded_from("published.recognised_gbp", "marts.recognised_gbp", 500) }}
    or {{ is_not_rounded_from("published.accrued_gbp", "marts.accrued_gbp", 500) }}
    or {{
        is_not_rounded_from(
            "published.retrospective_adjustment_gbp", "marts.retrospective_adjustment_gbp", 500
        )
    }}
    or {{ is_not_rounded_from("published.recognised_fytd_gbp", "marts.recognised_fytd_gbp", 500) }}
    or {{ is_not_rounded_from("published.accrued_fytd_gbp", "marts.accrued_fytd_gbp", 500) }}
    or {{ is_not_rounded_from("published.posted_credit_gbp", "marts.posted_credit_gbp", 500) }}
    or {{ is_not_rounded_from("published.weekly_award_gbp", "marts.weekly_award_gbp", 500) }}
