with

    arrears as (select * from {{ ref("fct_arrears") }} where overdue_gbp > 0),

    with_ages as (
        select
            *,
            cast(substr({{ financial_year_of("month") }}, 1, 4) as integer)
            - cast(substr(liability_year, 1, 4) as integer) as years_before
        from arrears
    ),

    -- A rent account runs on without years: nobody tells what month a balance is of.
    with_bands as (
        select
            *,
            case
                when debt_type = 'rent'
                then 'not_told'
                when years_before <= 0
                then 'this_year'
                when years_before = 1
                then 'last_year'
                when years_before = 2
                then 'two_years'
                else 'three_years_or_more'
            end as debt_age
        from with_ages
    )

select
    district_code,
    month,
    debt_type,
    recovery_stage,
    debt_age,
    cast(count(*) as integer) as debt_count,
    cast(sum(overdue_gbp) as decimal(18, 2)) as owed_gbp,
    cast(max(overdue_gbp) as decimal(18, 2)) as largest_owed_gbp,
    {{ build_id() }} as build_id
from with_bands
group by district_code, month, debt_type, recovery_stage, debt_age
