with

    arrears as (
        select
            district_code,
            month,
            debt_type,
            recovery_stage,
            count(*) as debt_count,
            sum(overdue_gbp) as owed_gbp,
            max(overdue_gbp) as largest_owed_gbp
        from {{ ref("fct_arrears") }}
        where overdue_gbp > 0
        group by district_code, month, debt_type, recovery_stage
    ),

    stages as (
        select
            district_code,
            month,
            debt_type,
            recovery_stage,
            sum(debt_count) as debt_count,
            sum(owed_gbp) as owed_gbp,
            max(largest_owed_gbp) as largest_owed_gbp
        from {{ ref("fct_debt_stage_month") }}
        group by district_code, month, debt_type, recovery_stage
    )

select arrears.*, stages.owed_gbp as stage_owed_gbp
from arrears
full outer join
    stages
    on arrears.district_code = stages.district_code
    and arrears.month = stages.month
    and arrears.debt_type = stages.debt_type
    and arrears.recovery_stage = stages.recovery_stage
where
    arrears.district_code is null
    or stages.district_code is null
    or arrears.debt_count is distinct from stages.debt_count
    or arrears.owed_gbp is distinct from stages.owed_gbp
    or arrears.largest_owed_gbp is distinct from stages.largest_owed_gbp
