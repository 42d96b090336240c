{{ config(materialized="view") }}

with household_claims as (select * from {{ ref("int_housing_benefit__household_claims") }})

-- A change of benefit in a month makes two periods, so a household's month is the sum of them.
select
    district_code,
    household_key,
    'hb' as benefit_code,
    month,
    cast(null as varchar) as cts_age_group,
    cast(null as boolean) as is_on_uc,
    max(case when is_in_payment then 1 else 0 end) = 1 as is_in_payment,
    sum(case when is_in_payment then weekly_benefit_gbp else 0 end) as weekly_award_gbp,
    sum(days_awarded_count) as days_awarded_count,
    sum(accrued_gbp) as accrued_gbp,
    cast(0 as decimal(18, 2)) as retrospective_adjustment_gbp,
    cast(null as decimal(18, 2)) as posted_credit_gbp
from household_claims
where days_awarded_count > 0
group by district_code, household_key, month
