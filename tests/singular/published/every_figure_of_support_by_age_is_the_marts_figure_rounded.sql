-- Districts and county together; the county stands without a district.
with

    district_marts as (
        select
            district_code,
            month,
            cts_age_group as age_group,
            sum(household_count) as caseload_count,
            sum(recognised_gbp) as recognised_gbp,
            sum(recognised_fytd_gbp) as recognised_fytd_gbp,
            sum(weekly_award_gbp) as weekly_award_gbp
        from {{ ref("fct_cts_month") }}
        group by district_code, month, cts_age_group
    ),

    marts as (
        select *
        from district_marts
        union all
        select
            'county' as district_code,
            month,
            age_group,
            sum(caseload_count) as caseload_count,
            sum(recognised_gbp) as recognised_gbp,
            sum(recognised_fytd_gbp) as recognised_fytd_gbp,
            sum(weekly_award_gbp) as weekly_award_gbp
        from district_marts
        group by month, age_group
    ),

    published as (
        select
            district_code,
            month,
            age_group,
            caseload_count,
            recognised_gbp,
            recognised_fytd_gbp,
            weekly_award_gbp
        from {{ source("published", "district_cts_age_month") }}
        union all
        select
            'county' as district_code,
            month,
            age_group,
            caseload_count,
            recognised_gbp,
            recognised_fytd_gbp,
            weekly_award_gbp
        from {{ source("published", "county_cts_age_month") }}
    )

select marts.*, published.district_code as published_district_code
from marts
full outer join
    published
    on marts.district_code = published.district_code
    and marts.month = published.month
    and marts.age_group = published.age_group
where
    marts.district_code is null
    or published.district_code is null
    or {{ is_not_rounded_from("published.caseload_count", "marts.caseload_count", 2) }}
    or {{ is_not_rounded_from("published.recognised_gbp", "marts.recognised_gbp", 500) }}
    or {{ is_not_rounded_from("published.recognised_fytd_gbp", "marts.recognised_fytd_gbp", 500) }}
    or {{ is_not_rounded_from("published.weekly_award_gbp", "marts.weekly_award_gbp", 500) }}
