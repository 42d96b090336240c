{{ config(materialized="view") }}

with

    award_months as (select * from {{ ref("int_uc__household_awards") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    -- A month whose own extract is not held, such as the one before the first, has only the periods
    -- that the next one tells of: left out here, and counted by name in the test of the pounds.
    months_told as (
        select award_months.*
        from award_months
        inner join
            extract_in_force
            on award_months.district_code = extract_in_force.district_code
            and award_months.month = extract_in_force.month
            and extract_in_force.feed = 'universal_credit'
        where award_months.household_key is not null
    )

-- Two assessment periods have a day in a month, so a household's month is the sum of them.
select
    district_code,
    household_key,
    'uc' as benefit_code,
    month,
    cast(null as varchar) as cts_age_group,
    true as is_on_uc,
    max(case when is_in_payment then 1 else 0 end) = 1 as is_in_payment,
    sum(case when is_in_payment then weekly_award_gbp else 0 end) as weekly_award_gbp,
    sum(days_awarded_count) as days_awarded_count,
    sum(accrued_gbp) as accrued_gbp,
    cast(0 as decimal(18, 2)) as retrospective_adjustment_gbp,
    cast(null as decimal(18, 2)) as posted_credit_gbp
from months_told
group by district_code, household_key, month
