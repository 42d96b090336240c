-- Each of the last thirteen months of each mart of wards, "ward not known" included.
{% set figures = [
    "household_count",
    "known_count",
    "in_crisis_count",
    "at_risk_count",
    "struggling_count",
    "coping_count",
    "shortfall_count",
    "shortfall_gbp",
    "new_to_hardship_count",
] %}
with

    ward_months as (select * from {{ ref("fct_ward_month") }}),

    ward_cts_months as (select * from {{ ref("fct_ward_cts_month") }}),

    area_months as (select * from {{ ref("fct_living_standards_month") }}),

    cts_months as (select * from {{ ref("fct_cts_month") }}),

    overdue_months as (select * from {{ ref("fct_overdue_month") }}),

    ward_entitlements as (select * from {{ ref("fct_ward_entitlement_month") }}),

    entitlement_months as (select * from {{ ref("fct_entitlement_month") }}),

    ward_counts as (
        select district_code, count(*) as row_count
        from {{ ref("dim_ward") }}
        group by district_code
    ),

    last_months as (
        select
            (select max(month) from cts_months where household_count > 0) as cts_month,
            (select max(month) from area_months) as standards_month,
            (select max(month) from overdue_months where overdue_gbp > 0) as overdue_month,
            (select max(month) from entitlement_months) as entitlement_month
    ),

    wards_added as (
        select
            district_code,
            month,
            {% for figure in figures %} sum({{ figure }}) as {{ figure }}, {% endfor %}
            max(largest_shortfall_gbp) as largest_shortfall_gbp,
            sum(overdue_household_count) as overdue_household_count,
            sum(overdue_gbp) as overdue_gbp,
            max(largest_household_overdue_gbp) as largest_household_overdue_gbp
        from ward_months
        group by district_code, month
    ),

    standards_added as (
        select
            district_code,
            month,
            {% for figure in figures %} sum({{ figure }}) as {{ figure }}, {% endfor %}
            max(largest_shortfall_gbp) as largest_shortfall_gbp
        from area_months
        cross join last_months
        where month >= standards_month - interval '12 months'
        group by district_code, month
    ),

    cts_added as (
        select district_code, month, cts_age_group, sum(household_count) as household_count
        from cts_months
        cross join last_months
        where month >= cts_month - interval '12 months'
        group by district_code, month, cts_age_group
    ),

    ward_cts_added as (
        select district_code, month, cts_age_group, sum(household_count) as household_count
        from ward_cts_months
        group by district_code, month, cts_age_group
    ),

    ward_entitlements_added as (
        select
            district_code,
            month,
            benefit_code,
            sum(compared_count) as compared_count,
            sum(claiming_count) as claiming_count,
            sum(unclaimed_count) as unclaimed_count,
            sum(unclaimed_gbp) as unclaimed_gbp,
            max(largest_unclaimed_gbp) as largest_unclaimed_gbp
        from ward_entitlements
        group by district_code, month, benefit_code
    )

select 'living standards' as compared, standards_added.district_code, standards_added.month
from standards_added
left join
    wards_added
    on standards_added.district_code = wards_added.district_code
    and standards_added.month = wards_added.month
where
    false
    {% for figure in figures + ["largest_shortfall_gbp"] %}
        or standards_added.{{ figure }} is distinct from wards_added.{{ figure }}
    {% endfor %}
union all
select 'support' as compared, ward_cts_added.district_code, ward_cts_added.month
from cts_added
full outer join
    ward_cts_added
    on cts_added.district_code = ward_cts_added.district_code
    and cts_added.month = ward_cts_added.month
    and cts_added.cts_age_group = ward_cts_added.cts_age_group
where coalesce(cts_added.household_count, 0) <> coalesce(ward_cts_added.household_count, 0)
union all
select 'overdue' as compared, overdue_months.district_code, overdue_months.month
from overdue_months
cross join last_months
left join
    wards_added
    on overdue_months.district_code = wards_added.district_code
    and overdue_months.month = wards_added.month
where
    overdue_months.month >= last_months.overdue_month - interval '12 months'
    and (
        overdue_months.overdue_household_count <> coalesce(wards_added.overdue_household_count, 0)
        or abs(overdue_months.overdue_gbp - coalesce(wards_added.overdue_gbp, 0))
        > 0.01 * (1 + overdue_months.overdue_account_count)
        or abs(
            overdue_months.largest_household_overdue_gbp
            - coalesce(wards_added.largest_household_overdue_gbp, 0)
        )
        > 0.01
    )
union all
select 'entitlements' as compared, entitlement_months.district_code, entitlement_months.month
from entitlement_months
cross join last_months
inner join ward_counts on entitlement_months.district_code = ward_counts.district_code
left join
    ward_entitlements_added
    on entitlement_months.district_code = ward_entitlements_added.district_code
    and entitlement_months.month = ward_entitlements_added.month
    and entitlement_months.benefit_code = ward_entitlements_added.benefit_code
where
    entitlement_months.month = last_months.entitlement_month
    and entitlement_months.compared_count >= 10 * ward_counts.row_count
    and (
        entitlement_months.compared_count <> coalesce(ward_entitlements_added.compared_count, 0)
        or entitlement_months.claiming_count <> coalesce(ward_entitlements_added.claiming_count, 0)
        or entitlement_months.unclaimed_count
        <> coalesce(ward_entitlements_added.unclaimed_count, 0)
        or entitlement_months.unclaimed_gbp <> coalesce(ward_entitlements_added.unclaimed_gbp, 0)
        or entitlement_months.largest_unclaimed_gbp
        <> coalesce(ward_entitlements_added.largest_unclaimed_gbp, 0)
    )
