{{ config(schema="caseload") }}

with

    periods as (select * from {{ ref("int_entitlement_periods") }}),

    months as (select month from {{ ref("int_caseload_households") }} group by month)

select
    periods.period_key,
    periods.age_reference_date,
    periods.financial_year,
    {{ build_id() }} as build_id
from periods
inner join months on periods.period_key = months.month
