{{ config(materialized="view") }}

with

    members as (select * from {{ ref("stg_housing_benefit__members") }}),

    extract_in_force as (select * from {{ ref("int_extract_in_force") }})

select
    members.district_code,
    members.month,
    members.claim_key,
    members.member_key,
    members.member_role,
    members.age_at_month_end,
    members.is_born_from_2017_04_06,
    members.weekly_gross_income_gbp,
    members.is_disabled,
    members.is_carer
from members
inner join extract_in_force on members.extract_id = extract_in_force.extract_id
where
    (members.valid_from is null or members.valid_from <= {{ last_day_of("members.month") }})
    and (members.valid_to is null or members.valid_to >= {{ last_day_of("members.month") }})
