-- Districts and county together; the county stands without a district.
with

    fct_housing_benefit_month as (select * from {{ ref("fct_housing_benefit_month") }}),

    marts as (
        select
            district_code,
            month,
            sum(household_count) as caseload_count,
            sum(weekly_benefit_gbp) as weekly_benefit_gbp,
            sum(accrued_gbp) as accrued_gbp
        from fct_housing_benefit_month
        group by district_code, month
        union all
        select
            'county' as district_code,
            month,
            sum(household_count) as caseload_count,
            sum(weekly_benefit_gbp) as weekly_benefit_gbp,
            sum(accrued_gbp) as accrued_gbp
        from fct_housing_benefit_month
        group by month
    ),

    published as (
        select
            district_code,
            month,
            caseload_count,
            caseload_count_mark,
            weekly_benefit_gbp,
            weekly_benefit_gbp_mark,
            accrued_gbp,
            accrued_gbp_mark
        from {{ source("published", "district_housing_benefit_month") }}
        union all
        select
            'county' as district_code,
            month,
            caseload_count,
            caseload_count_mark,
            weekly_benefit_gbp,
            weekly_benefit_gbp_mark,
            accrued_gbp,
            accrued_gbp_mark
        from {{ source("published", "county_housing_benefit_month") }}
    )

select marts.*, published.district_code as published_district_code
from marts
full outer join
    published on marts.district_code = published.district_code and marts.month = published.month
where
    marts.district_code is null
    or published.district_code is null
    or {{ is_not_rounded_from("published.caseload_count", "marts.caseload_count", 2) }}
    or (published.caseload_count is null and published.caseload_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.weekly_benefit_gbp", "marts.weekly_benefit_gbp", 500) }}
    or (
        published.weekly_benefit_gbp is null
        and published.weekly_benefit_gbp_mark is distinct from 'c'
    )
    or {{ is_not_rounded_from("published.accrued_gbp", "marts.accrued_gbp", 500) }}
    or (published.accrued_gbp is null and published.accrued_gbp_mark is distinct from 'c')
