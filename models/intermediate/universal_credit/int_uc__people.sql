{{ config(materialized="view") }}

with

    claims as (select * from {{ ref("int_uc__circumstances") }}),

    numbers as ({{ numbers_to(30) }}),

    -- Health and care are told of the claim. One person has only one element of the two, so that
    -- with
    -- both it is the partner who cares.
    claimants as (
        select
            district_code,
            household_key,
            month,
            1 as place,
            'claimant' as person_key,
            claimant_age_at_month_end as age_at_month_end,
            'claimant' as role,
            claimant_pension_age_month as pension_age_month,
            cast(null as boolean) as is_born_from_2017_04_06,
            has_limited_capability as is_disabled,
            has_lcwra,
            has_lcw_element,
            false as has_highest_care,
            has_carer and not (has_partner and has_limited_capability) as is_carer,
            childcare_gbp
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
            cast(null as date) as pension_age_month,
            cast(null as boolean) as is_born_from_2017_04_06,
            false as is_disabled,
            false as has_lcwra,
            false as has_lcw_element,
            false as has_highest_care,
            has_carer and has_limited_capability as is_carer,
            cast(0 as decimal(18, 2)) as childcare_gbp
        from claims
        where has_partner
    ),

    -- The eldest are numbered first, so that those born before the limit come before the rest.
    children as (
        select
            claims.district_code,
            claims.household_key,
            claims.month,
            10 + numbers.number as place,
            'child_' || numbers.number as person_key,
            cast(null as integer) as age_at_month_end,
            'child' as role,
            cast(null as date) as pension_age_month,
            numbers.number > claims.child_born_before_2017_04_06_count as is_born_from_2017_04_06,
            numbers.number
            <= claims.disabled_child_lower_count
            + claims.disabled_child_higher_count as is_disabled,
            false as has_lcwra,
            false as has_lcw_element,
            numbers.number <= claims.disabled_child_higher_count as has_highest_care,
            false as is_carer,
            cast(0 as decimal(18, 2)) as childcare_gbp
        from claims
        inner join numbers on claims.child_count >= numbers.number
    )

select *
from claimants
union all
select *
from partners
union all
select *
from children
