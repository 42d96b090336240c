with

    award_months as (select * from {{ ref("int_cts__award_months") }}),

    household_versions as (select * from {{ ref("int_household_versions") }}),

    -- The periods that say which group a household ends the month in: those in payment on its last
    -- day, as for the household's own version, or the last one where none is.
    periods_placed as (
        select
            *,
            is_in_payment
            or row_number() over (
                partition by household_key, month
                order by is_in_payment desc, award_from desc, claim_key
            )
            = 1 as is_at_month_end
        from award_months
    ),

    -- A change of award in a month makes two periods, so a household's month is the sum of them.
    household_award_months as (
        select
            district_code,
            household_key,
            month,
            case
                when
                    max(case when is_at_month_end and cts_age_group = 'pension' then 1 else 0 end)
                    = 1
                then 'pension'
                else 'working'
            end as cts_age_group,
            max(case when is_at_month_end and is_on_uc then 1 else 0 end) = 1 as is_on_uc,
            max(case when is_in_payment then 1 else 0 end) = 1 as is_in_payment,
            sum(case when is_in_payment then weekly_award_gbp else 0 end) as weekly_award_gbp,
            sum(days_awarded_count) as days_awarded_count,
            sum(accrued_gbp) as accrued_gbp,
            sum(retrospective_adjustment_gbp) as retrospective_adjustment_gbp,
            sum(posted_credit_gbp) as posted_credit_gbp
        from periods_placed
        group by district_code, household_key, month
    )

select
    household_award_months.district_code,
    household_award_months.household_key,
    'cts' as benefit_code,
    household_award_months.month,
    {{
        household_version_key(
            "household_versions.household_key", "household_versions.valid_from_month"
        )
    }} as household_version_key,
    household_award_months.cts_age_group,
    household_award_months.is_on_uc,
    household_award_months.is_in_payment,
    cast(household_award_months.weekly_award_gbp as decimal(18, 2)) as weekly_award_gbp,
    cast(household_award_months.days_awarded_count as integer) as days_awarded_count,
    cast(household_award_months.accrued_gbp as decimal(18, 2)) as accrued_gbp,
    cast(
        household_award_months.retrospective_adjustment_gbp as decimal(18, 2)
    ) as retrospective_adjustment_gbp,
    cast(
        household_award_months.accrued_gbp
        + household_award_months.retrospective_adjustment_gbp as decimal(18, 2)
    ) as recognised_gbp,
    cast(household_award_months.posted_credit_gbp as decimal(18, 2)) as posted_credit_gbp,
    {{ build_id() }} as build_id
from household_award_months
left join
    household_versions
    on household_award_months.household_key = household_versions.household_key
    and household_award_months.month = household_versions.month
