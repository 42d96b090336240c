{{ config(materialized="view") }}

with

    award_months as (select * from {{ ref("int_cts__household_awards") }}),

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
    )

-- A change of award in a month makes two periods, so a household's month is the sum of them.
select
    district_code,
    household_key,
    'cts' as benefit_code,
    month,
    case
        when max(case when is_at_month_end and cts_age_group = 'pension' then 1 else 0 end) = 1
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
