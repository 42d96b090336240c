{{ config(materialized="view") }}

with

    claims as (select * from {{ ref("int_cts__circumstances") }}),

    numbers as ({{ numbers_to(30) }}),

    claimants as (
        select
            district_code,
            household_key,
            month,
            1 as place,
            'claimant' as person_key,
            claimant_age_at_month_end as age_at_month_end,
            'claimant' as role,
            claimant_pension_age_month as pension_age_month
        from claims
    ),

    partners as (
        select
            district_code,
            household_key,
            month,
            2 as place,
            'partner' as person_key,
            partner_age_at_month_end as age_at_month_end,
            'claimant' as role,
            partner_pension_age_month as pension_age_month
        from claims
        where has_partner
    ),

    children as (
        select
            claims.district_code,
            claims.household_key,
            claims.month,
            10 + numbers.number as place,
            'child_' || numbers.number as person_key,
            cast(null as integer) as age_at_month_end,
            'child' as role,
            cast(null as date) as pension_age_month
        from claims
        inner join numbers on claims.dependant_count >= numbers.number
    ),

    others as (
        select
            claims.district_code,
            claims.household_key,
            claims.month,
            50 + numbers.number as place,
            'other_' || numbers.number as person_key,
            cast(null as integer) as age_at_month_end,
            'other' as role,
            cast(null as date) as pension_age_month
        from claims
        inner join numbers on claims.non_dependant_count >= numbers.number
    )

select *
from claimants
union all
select *
from partners
union all
select *
from children
union all
select *
from others
