-- Districts and county together; the county stands without a district.
with

    fct_entitlement_month as (select * from {{ ref("fct_entitlement_month") }}),

    marts as (
        select
            district_code,
            month,
            benefit_code,
            sum(household_count) as household_count,
            sum(assessable_count) as assessable_count,
            sum(entitled_count) as entitled_count,
            sum(compared_count) as compared_count,
            sum(claiming_count) as claiming_count,
            sum(unclaimed_count) as unclaimed_count,
            sum(unclaimed_gbp) as unclaimed_gbp,
            sum(short_count) as short_count,
            sum(short_gbp) as short_gbp
        from fct_entitlement_month
        group by district_code, month, benefit_code
        union all
        select
            'county' as district_code,
            month,
            benefit_code,
            sum(household_count) as household_count,
            sum(assessable_count) as assessable_count,
            sum(entitled_count) as entitled_count,
            sum(compared_count) as compared_count,
            sum(claiming_count) as claiming_count,
            sum(unclaimed_count) as unclaimed_count,
            sum(unclaimed_gbp) as unclaimed_gbp,
            sum(short_count) as short_count,
            sum(short_gbp) as short_gbp
        from fct_entitlement_month
        group by month, benefit_code
    ),

    published as (
        select
            district_code,
            month,
            benefit_code,
            household_count,
            household_count_mark,
            assessable_count,
            assessable_count_mark,
            entitled_count,
            entitled_count_mark,
            compared_count,
            compared_count_mark,
            claiming_count,
            claiming_count_mark,
            unclaimed_count,
            unclaimed_count_mark,
            unclaimed_gbp,
            unclaimed_gbp_mark,
            short_count,
            short_count_mark,
            short_gbp,
            short_gbp_mark
        from {{ source("published", "district_entitlement_month") }}
        union all
        select
            'county' as district_code,
            month,
            benefit_code,
            household_count,
            household_count_mark,
            assessable_count,
            assessable_count_mark,
            entitled_count,
            entitled_count_mark,
            compared_count,
            compared_count_mark,
            claiming_count,
            claiming_count_mark,
            unclaimed_count,
            unclaimed_count_mark,
            unclaimed_gbp,
            unclaimed_gbp_mark,
            short_count,
            short_count_mark,
            short_gbp,
            short_gbp_mark
        from {{ source("published", "county_entitlement_month") }}
    )

select marts.*, published.district_code as published_district_code
from marts
full outer join
    published
    on marts.district_code = published.district_code
    and marts.month = published.month
    and marts.benefit_code = published.benefit_code
where
    marts.district_code is null
    or published.district_code is null
    or {{ is_not_rounded_from("published.household_count", "marts.household_count", 2) }}
    or (published.household_count is null and published.household_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.assessable_count", "marts.assessable_count", 2) }}
    or (published.assessable_count is null and published.assessable_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.entitled_count", "marts.entitled_count", 2) }}
    or (published.entitled_count is null and published.entitled_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.compared_count", "marts.compared_count", 2) }}
    or (published.compared_count is null and published.compared_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.claiming_count", "marts.claiming_count", 2) }}
    or (published.claiming_count is null and published.claiming_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.unclaimed_count", "marts.unclaimed_count", 2) }}
    or (published.unclaimed_count is null and published.unclaimed_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.unclaimed_gbp", "marts.unclaimed_gbp", 500) }}
    or (published.unclaimed_gbp is null and published.unclaimed_gbp_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.short_count", "marts.short_count", 2) }}
    or (published.short_count is null and published.short_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.short_gbp", "marts.short_gbp", 500) }}
    or (published.short_gbp is null and published.short_gbp_mark is distinct from 'c')
