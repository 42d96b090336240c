-- Each option, and the districts that stay together, have every row of a member once.
with

    members as (select * from {{ ref("bridge_new_council_member") }}),

    places as (select * from {{ ref("dim_new_council") }}),

    cts_months as (select * from {{ ref("fct_cts_month") }}),

    council_months as (select * from {{ ref("fct_new_council_cts_month") }}),

    district_groups as (
        select
            places.option_code,
            cts_months.district_code,
            cts_months.month,
            cts_months.cts_age_group,
            sum(cts_months.household_count) as household_count,
            sum(cts_months.weekly_award_gbp) as weekly_award_gbp,
            sum(cts_months.recognised_gbp) as recognised_gbp,
            max(cts_months.largest_household_gbp) as largest_household_gbp,
            max(cts_months.largest_weekly_gbp) as largest_weekly_gbp
        from cts_months
        inner join members on cts_months.district_code = members.authority_code
        inner join places on members.place_key = places.place_key
        group by
            places.option_code, cts_months.district_code, cts_months.month, cts_months.cts_age_group
    ),

    option_groups as (
        select
            places.option_code,
            council_months.district_code,
            council_months.month,
            council_months.cts_age_group,
            sum(council_months.household_count) as household_count,
            sum(council_months.weekly_award_gbp) as weekly_award_gbp,
            sum(council_months.recognised_gbp) as recognised_gbp,
            sum(council_months.largest_household_gbp) as largest_household_gbp,
            sum(council_months.largest_weekly_gbp) as largest_weekly_gbp
        from council_months
        inner join places on council_months.place_key = places.place_key
        group by
            places.option_code,
            council_months.district_code,
            council_months.month,
            council_months.cts_age_group
    )

select *
from district_groups
full outer join
    option_groups
    on district_groups.option_code = option_groups.option_code
    and district_groups.district_code = option_groups.district_code
    and district_groups.month = option_groups.month
    and district_groups.cts_age_group = option_groups.cts_age_group
where
    district_groups.household_count is distinct from option_groups.household_count
    or district_groups.weekly_award_gbp is distinct from option_groups.weekly_award_gbp
    or district_groups.recognised_gbp is distinct from option_groups.recognised_gbp
    or district_groups.largest_household_gbp is distinct from option_groups.largest_household_gbp
    or district_groups.largest_weekly_gbp is distinct from option_groups.largest_weekly_gbp
