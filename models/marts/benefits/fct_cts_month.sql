with

    benefit_spend as (select * from {{ ref("fct_benefit_spend") }}),

    district_months as (select * from {{ ref("int_cts__district_months") }}),

    cts_spend as (select * from benefit_spend where benefit_code = 'cts'),

    -- New: in payment at the end of this month, and no award at all in the month before. A
    -- suspended
    -- award that is paid again has not started.
    new_awards_marked as (
        select
            cts_spend.*,
            cts_spend.is_in_payment and month_before.household_key is null as is_new_award
        from cts_spend
        left join
            cts_spend as month_before
            on cts_spend.household_key = month_before.household_key
            and cts_spend.month = month_before.month + interval '1 month'
    ),

    groups_with_awards as (
        select
            district_code,
            month,
            cts_age_group,
            is_on_uc,
            sum(case when is_in_payment then 1 else 0 end) as household_count,
            sum(case when is_new_award then 1 else 0 end) as new_award_count,
            sum(weekly_award_gbp) as weekly_award_gbp,
            sum(accrued_gbp) as accrued_gbp,
            sum(retrospective_adjustment_gbp) as retrospective_adjustment_gbp,
            sum(recognised_gbp) as recognised_gbp,
            sum(posted_credit_gbp) as posted_credit_gbp,
            max(recognised_gbp) as largest_household_gbp,
            max(weekly_award_gbp) as largest_weekly_gbp
        from new_awards_marked
        group by district_code, month, cts_age_group, is_on_uc
    ),

    award_groups as (
        select cts_age_group, is_on_uc from groups_with_awards group by cts_age_group, is_on_uc
    ),

    -- Every group in every month, with zeros, or the year to date would lose a group that ended.
    every_group as (
        select
            district_months.district_code,
            district_months.month,
            district_months.financial_year,
            district_months.is_whole_year_to_date,
            district_months.is_month_before_held,
            award_groups.cts_age_group,
            award_groups.is_on_uc
        from district_months
        cross join award_groups
    ),

    groups_filled as (
        select
            every_group.district_code,
            every_group.month,
            every_group.financial_year,
            every_group.is_whole_year_to_date,
            every_group.cts_age_group,
            every_group.is_on_uc,
            coalesce(groups_with_awards.household_count, 0) as household_count,
            -- After a month that is not held nobody can be told to be new.
            case
                when every_group.is_month_before_held
                then coalesce(groups_with_awards.new_award_count, 0)
            end as new_award_count,
            coalesce(groups_with_awards.weekly_award_gbp, 0) as weekly_award_gbp,
            coalesce(groups_with_awards.accrued_gbp, 0) as accrued_gbp,
            coalesce(
                groups_with_awards.retrospective_adjustment_gbp, 0
            ) as retrospective_adjustment_gbp,
            coalesce(groups_with_awards.recognised_gbp, 0) as recognised_gbp,
            coalesce(groups_with_awards.posted_credit_gbp, 0) as posted_credit_gbp,
            coalesce(groups_with_awards.largest_household_gbp, 0) as largest_household_gbp,
            coalesce(groups_with_awards.largest_weekly_gbp, 0) as largest_weekly_gbp
        from every_group
        left join
            groups_with_awards
            on every_group.district_code = groups_with_awards.district_code
            and every_group.month = groups_with_awards.month
            and every_group.cts_age_group = groups_with_awards.cts_age_group
            and every_group.is_on_uc = groups_with_awards.is_on_uc
    ),

    years_to_date as (
        select
            *,
            sum(accrued_gbp) over year_to_date as accrued_to_date_gbp,
            sum(recognised_gbp) over year_to_date as recognised_to_date_gbp,
            sum(posted_credit_gbp) over year_to_date as posted_credit_to_date_gbp
        from groups_filled
        window
            year_to_date as (
                partition by district_code, cts_age_group, is_on_uc, financial_year
                order by month
                rows between unbounded preceding and current row
            )
    )

select
    district_code,
    month,
    cts_age_group,
    is_on_uc,
    cast(household_count as integer) as household_count,
    cast(new_award_count as integer) as new_award_count,
    cast(weekly_award_gbp as decimal(18, 2)) as weekly_award_gbp,
    cast(accrued_gbp as decimal(18, 2)) as accrued_gbp,
    cast(retrospective_adjustment_gbp as decimal(18, 2)) as retrospective_adjustment_gbp,
    cast(recognised_gbp as decimal(18, 2)) as recognised_gbp,
    cast(posted_credit_gbp as decimal(18, 2)) as posted_credit_gbp,
    cast(largest_household_gbp as decimal(18, 2)) as largest_household_gbp,
    cast(largest_weekly_gbp as decimal(18, 2)) as largest_weekly_gbp,
    cast(
        case when is_whole_year_to_date then accrued_to_date_gbp end as decimal(18, 2)
    ) as accrued_fytd_gbp,
    cast(
        case when is_whole_year_to_date then recognised_to_date_gbp end as decimal(18, 2)
    ) as recognised_fytd_gbp,
    cast(
        case when is_whole_year_to_date then posted_credit_to_date_gbp end as decimal(18, 2)
    ) as posted_credit_fytd_gbp,
    {{ build_id() }} as build_id
from years_to_date
