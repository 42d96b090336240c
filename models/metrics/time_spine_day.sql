-- dbt asks for a spine of days even where every metric is monthly. It spans the calendar's months,
-- so that no metric is drawn beyond them.
{{ config(materialized="table", schema="marts") }}

with

    months as (select * from {{ ref("dim_month") }}),

    tens as (
        select 0 as tens
        union all
        select 10 as tens
        union all
        select 20 as tens
        union all
        select 30 as tens
    ),

    ones as (
        {% for one in range(10) %}
            select {{ one }} as ones
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )

select
    cast(months.month + (tens.tens + ones.ones) * interval '1 day' as date) as date_day,
    {{ build_id() }} as build_id
from months
cross join tens
cross join ones
where tens.tens + ones.ones < months.days_in_month
