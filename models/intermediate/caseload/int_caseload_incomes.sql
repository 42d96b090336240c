{{ config(schema="caseload") }}

with

    incomes as (select * from {{ ref("int_entitlement_incomes") }}),

    people as (select * from {{ ref("int_caseload_people") }})

select incomes.person_number, incomes.income_kind, incomes.annual_gbp, {{ build_id() }} as build_id
from incomes
inner join people on incomes.person_number = people.person_number
