-- Claims and pounds of each reason, all districts together.
with

    fct_uc_deductions as (select * from {{ ref("fct_uc_deductions") }}),

    marts as (
        select
            month,
            deduction_reason as reason,
            count(*) as household_count,
            sum(deduction_gbp) as deductions_gbp
        from fct_uc_deductions
        group by month, deduction_reason
    ),

    published as (
        select
            month,
            reason,
            household_count,
            household_count_mark,
            deductions_gbp,
            deductions_gbp_mark
        from {{ source("published", "county_uc_deduction_month") }}
    )

select marts.*, published.month as published_month
from marts
full outer join published on marts.month = published.month and marts.reason = published.reason
where
    marts.month is null
    or published.month is null
    or {{ is_not_rounded_from("published.household_count", "marts.household_count", 2) }}
    or (published.household_count is null and published.household_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.deductions_gbp", "marts.deductions_gbp", 500) }}
    or (published.deductions_gbp is null and published.deductions_gbp_mark is distinct from 'c')
