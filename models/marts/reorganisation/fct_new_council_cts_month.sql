with

    members as (select * from {{ ref("bridge_new_council_member") }}),

    cts_months as (select * from {{ ref("fct_cts_month") }}),

    -- Whether somebody is on Universal Credit makes two rows of an age group.
    age_groups as (
        select
            district_code,
            month,
            cts_age_group,
            sum(household_count) as household_count,
            sum(weekly_award_gbp) as weekly_award_gbp,
            sum(recognised_gbp) as recognised_gbp,
            max(largest_household_gbp) as largest_household_gbp,
            max(largest_weekly_gbp) as largest_weekly_gbp
        from cts_months
        group by district_code, month, cts_age_group
    )

select
    members.place_key,
    age_groups.district_code,
    age_groups.month,
    case when members.place_kind = 'shared' then age_groups.month end as county_month,
    age_groups.cts_age_group,
    cast(age_groups.household_count as integer) as household_count,
    cast(age_groups.weekly_award_gbp as decimal(18, 2)) as weekly_award_gbp,
    cast(age_groups.recognised_gbp as decimal(18, 2)) as recognised_gbp,
    cast(age_groups.largest_household_gbp as decimal(18, 2)) as largest_household_gbp,
    cast(age_groups.largest_weekly_gbp as decimal(18, 2)) as largest_weekly_gbp,
    {{ build_id() }} as build_id
from members
inner join age_groups on members.authority_code = age_groups.district_code
