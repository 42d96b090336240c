with

    cts_months as (select * from {{ ref("int_cts__spend_months") }}),

    housing_benefit_months as (select * from {{ ref("int_housing_benefit__spend_months") }}),

    universal_credit_months as (select * from {{ ref("int_uc__spend_months") }}),

    household_versions as (select * from {{ ref("int_household_versions") }}),

    -- One line a benefit, each with the same columns in the same order.
    benefit_months as (
        select *
        from cts_months
        union all
        select *
        from housing_benefit_months
        union all
        select *
        from universal_credit_months
    )

select
    benefit_months.district_code,
    benefit_months.household_key,
    benefit_months.benefit_code,
    benefit_months.month,
    {{
        household_version_key(
            "household_versions.household_key", "household_versions.valid_from_month"
        )
    }} as household_version_key,
    benefit_months.cts_age_group,
    benefit_months.is_on_uc,
    benefit_months.is_in_payment,
    cast(benefit_months.weekly_award_gbp as decimal(18, 2)) as weekly_award_gbp,
    cast(benefit_months.days_awarded_count as integer) as days_awarded_count,
    cast(benefit_months.accrued_gbp as decimal(18, 2)) as accrued_gbp,
    cast(
        benefit_months.retrospective_adjustment_gbp as decimal(18, 2)
    ) as retrospective_adjustment_gbp,
    cast(
        benefit_months.accrued_gbp + benefit_months.retrospective_adjustment_gbp as decimal(18, 2)
    ) as recognised_gbp,
    cast(benefit_months.posted_credit_gbp as decimal(18, 2)) as posted_credit_gbp,
    {{ build_id() }} as build_id
from benefit_months
left join
    household_versions
    on benefit_months.household_key = household_versions.household_key
    and benefit_months.month = household_versions.month
