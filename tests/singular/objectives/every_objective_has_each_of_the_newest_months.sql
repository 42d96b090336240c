with

    objective_months as (select * from {{ ref("fct_objective_months") }}),

    objectives as (select * from {{ ref("stg_configuration__objectives") }}),

    held as (select distinct month from {{ ref("fct_cts_month") }}),

    newest as (
        select count(*) as month_count
        from (select month, row_number() over (order by month desc) as place from held) as ordered
        where place <= 13
    ),

    told as (
        select objective_key, count(*) as month_count, max(target) as target
        from objective_months
        group by objective_key
    )

select objectives.objective_key, told.objective_key as told_objective_key
from objectives
full outer join told on objectives.objective_key = told.objective_key
cross join newest
where
    told.month_count is distinct from newest.month_count
    or told.target is distinct from objectives.target
