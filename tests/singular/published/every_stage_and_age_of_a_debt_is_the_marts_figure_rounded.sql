with

    stages as (select * from {{ ref("fct_debt_stage_month") }}),

    marts as (
        select
            'stage' as cut_by,
            month,
            debt_type,
            recovery_stage as part,
            sum(debt_count) as debt_count,
            sum(owed_gbp) as owed_gbp
        from stages
        group by month, debt_type, recovery_stage
        union all
        select
            'age' as cut_by,
            month,
            debt_type,
            debt_age as part,
            sum(debt_count) as debt_count,
            sum(owed_gbp) as owed_gbp
        from stages
        where debt_age <> 'not_told'
        group by month, debt_type, debt_age
    ),

    published as (
        select
            'stage' as cut_by,
            month,
            debt_type,
            recovery_stage as part,
            debt_count,
            debt_count_mark,
            owed_gbp,
            owed_gbp_mark
        from {{ source("published", "county_debt_stage_month") }}
        union all
        select
            'age' as cut_by,
            month,
            debt_type,
            debt_age as part,
            debt_count,
            debt_count_mark,
            owed_gbp,
            owed_gbp_mark
        from {{ source("published", "county_debt_age_month") }}
    )

select marts.*, published.part as published_part
from marts
full outer join
    published
    on marts.cut_by = published.cut_by
    and marts.month = published.month
    and marts.debt_type = published.debt_type
    and marts.part = published.part
where
    marts.part is null
    or published.part is null
    or {{ is_not_rounded_from("published.debt_count", "marts.debt_count", 2) }}
    or {{ is_not_rounded_from("published.owed_gbp", "marts.owed_gbp", 500) }}
    or (published.debt_count is null and published.debt_count_mark is distinct from 'c')
    or (published.owed_gbp is null and published.owed_gbp_mark is distinct from 'c')
