-- The figures themselves are published ones, so that they are set in beside their targets only
-- once disclosure control has let them out.
with

    objectives as (select * from {{ ref("stg_configuration__objectives") }}),

    cts_months as (select * from {{ ref("fct_cts_month") }}),

    months as (select * from {{ ref("dim_month") }}),

    held_months as (select distinct month from cts_months),

    ordered as (select month, row_number() over (order by month desc) as place from held_months),

    recent as (select month from ordered where place <= 13)

select
    objectives.objective_key,
    recent.month,
    months.month_label,
    objectives.objective_number,
    objectives.objective_name,
    objectives.owner,
    objectives.aim,
    cast(objectives.target as decimal(18, 4)) as target,
    objectives.due_month,
    objectives.target_source,
    objectives.figure_table,
    objectives.figure_column,
    objectives.figure_filter,
    objectives.figure_format,
    {{ build_id() }} as build_id
from objectives
cross join recent
inner join months on recent.month = months.month
