with

    members as (select * from {{ ref("bridge_new_council_member") }}),

    overdue_months as (select * from {{ ref("fct_overdue_month") }}),

    uc_months as (select * from {{ ref("fct_uc_month") }}),

    area_months as (select * from {{ ref("fct_living_standards_month") }}),

    living_standards as (
        select
            district_code,
            month,
            sum(household_count) as household_count,
            sum(known_count) as known_count,
            sum(in_crisis_count) as in_crisis_count,
            sum(at_risk_count) as at_risk_count,
            sum(struggling_count) as struggling_count,
            sum(coping_count) as coping_count,
            sum(shortfall_count) as shortfall_count,
            sum(shortfall_gbp) as shortfall_gbp,
            max(largest_shortfall_gbp) as largest_shortfall_gbp
        from area_months
        group by district_code, month
    ),

    -- A district that sends one feed of a month and not another has the month once.
    district_months as (
        select district_code, month
        from overdue_months
        union
        select district_code, month
        from uc_months
        union
        select district_code, month
        from living_standards
    )

select
    members.place_key,
    district_months.district_code,
    district_months.month,
    case when members.place_kind = 'shared' then district_months.month end as county_month,
    overdue_months.account_count,
    overdue_months.overdue_account_count,
    overdue_months.overdue_household_count,
    overdue_months.overdue_gbp,
    overdue_months.largest_household_overdue_gbp,
    cast(living_standards.household_count as integer) as household_count,
    cast(living_standards.known_count as integer) as known_count,
    cast(living_standards.in_crisis_count as integer) as in_crisis_count,
    cast(living_standards.at_risk_count as integer) as at_risk_count,
    cast(living_standards.struggling_count as integer) as struggling_count,
    cast(living_standards.coping_count as integer) as coping_count,
    cast(living_standards.shortfall_count as integer) as shortfall_count,
    cast(living_standards.shortfall_gbp as decimal(18, 2)) as shortfall_gbp,
    cast(living_standards.largest_shortfall_gbp as decimal(18, 2)) as largest_shortfall_gbp,
    uc_months.household_count as uc_household_count,
    uc_months.cts_household_count as uc_with_cts_count,
    {{ build_id() }} as build_id
from members
inner join district_months on members.authority_code = district_months.district_code
left join
    overdue_months
    on district_months.district_code = overdue_months.district_code
    and district_months.month = overdue_months.month
left join
    living_standards
    on district_months.district_code = living_standards.district_code
    and district_months.month = living_standards.month
left join
    uc_months
    on district_months.district_code = uc_months.district_code
    and district_months.month = uc_months.month
