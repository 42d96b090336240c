-- The figures themselves are published ones, set in once disclosure control has let them out.
with

    figures as (select * from {{ ref("stg_configuration__strategic_figures") }}),

    cts_months as (select * from {{ ref("fct_cts_month") }}),

    months as (select * from {{ ref("dim_month") }}),

    latest as (select max(month) as month from cts_months)

select
    figures.figure_key,
    latest.month,
    months.month_label,
    figures.figure_number,
    figures.section,
    figures.figure_name,
    figures.better,
    figures.figure_table,
    figures.figure_column,
    figures.figure_filter,
    figures.figure_format,
    {{ build_id() }} as build_id
from figures
cross join latest
inner join months on latest.month = months.month
