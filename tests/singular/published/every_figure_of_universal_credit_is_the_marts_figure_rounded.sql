-- Districts and county together; the county stands without a district.
with

    fct_uc_month as (select * from {{ ref("fct_uc_month") }}),

    marts as (
        select
            district_code,
            month,
            sum(household_count) as household_count,
            sum(cts_household_count) as with_cts_count,
            sum(cts_interest_without_award_count) as without_cts_count,
            sum(deducted_household_count) as deducted_household_count,
            sum(award_gbp) as award_gbp,
            sum(deductions_gbp) as deductions_gbp
        from fct_uc_month
        group by district_code, month
        union all
        select
            'county' as district_code,
            month,
            sum(household_count) as household_count,
            sum(cts_household_count) as with_cts_count,
            sum(cts_interest_without_award_count) as without_cts_count,
            sum(deducted_household_count) as deducted_household_count,
            sum(award_gbp) as award_gbp,
            sum(deductions_gbp) as deductions_gbp
        from fct_uc_month
        group by month
    ),

    published as (
        select
            district_code,
            month,
            household_count,
            household_count_mark,
            with_cts_count,
            with_cts_count_mark,
            without_cts_count,
            without_cts_count_mark,
            deducted_household_count,
            deducted_household_count_mark,
            award_gbp,
            award_gbp_mark,
            deductions_gbp,
            deductions_gbp_mark
        from {{ source("published", "district_uc_month") }}
        union all
        select
            'county' as district_code,
            month,
            household_count,
            household_count_mark,
            with_cts_count,
            with_cts_count_mark,
            without_cts_count,
            without_cts_count_mark,
            deducted_household_count,
            deducted_household_count_mark,
            award_gbp,
            award_gbp_mark,
            deductions_gbp,
            deductions_gbp_mark
        from {{ source("published", "county_uc_month") }}
    )

select marts.*, published.district_code as published_district_code
from marts
full outer join
    published on marts.district_code = published.district_code and marts.month = published.month
where
    marts.district_code is null
    or published.district_code is null
    or {{ is_not_rounded_from("published.household_count", "marts.household_count", 2) }}
    or (published.household_count is null and published.household_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.with_cts_count", "marts.with_cts_count", 2) }}
    or (published.with_cts_count is null and published.with_cts_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.without_cts_count", "marts.without_cts_count", 2) }}
    or (
        published.without_cts_count is null
        and published.without_cts_count_mark is distinct from 'c'
    )
    or {{
        is_not_rounded_from(
            "published.deducted_household_count", "marts.deducted_household_count", 2
        )
    }}
    or (
        published.deducted_household_count is null
        and published.deducted_household_count_mark is distinct from 'c'
    )
    or {{ is_not_rounded_from("published.award_gbp", "marts.award_gbp", 500) }}
    or (published.award_gbp is null and published.award_gbp_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.deductions_gbp", "marts.deductions_gbp", 500) }}
    or (published.deductions_gbp is null and published.deductions_gbp_mark is distinct from 'c')
