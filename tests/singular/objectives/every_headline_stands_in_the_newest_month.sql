with

    strategic_figures as (select * from {{ ref("fct_strategic_figures") }}),

    configured as (select * from {{ ref("stg_configuration__strategic_figures") }}),

    newest as (select max(month) as month from {{ ref("fct_cts_month") }})

select configured.figure_key, strategic_figures.figure_key as told_figure_key
from configured
full outer join strategic_figures on configured.figure_key = strategic_figures.figure_key
cross join newest
where
    strategic_figures.month is distinct from newest.month
    or strategic_figures.figure_column is distinct from configured.figure_column
