{{ config(materialized="view") }}

with

    claims as (select * from {{ ref("int_housing_benefit__running_claims") }}),

    members as (select * from {{ ref("int_housing_benefit__members_in_force") }}),

    incomes as (select * from {{ ref("int_housing_benefit__income_months") }}),

    treatments as (select * from {{ ref("entitlement_incomes") }}),

    -- A benefit for care is among the incomes that a claim lists, also where no premium is told.
    disability_benefits as (
        select
            incomes.district_code,
            incomes.household_key,
            incomes.month,
            incomes.person_role,
            max(case when treatments.is_care_benefit then 1 else 0 end) = 1 as is_for_care
        from incomes
        inner join treatments on incomes.income_kind = treatments.income_kind
        where treatments.is_disability_benefit
        group by incomes.district_code, incomes.household_key, incomes.month, incomes.person_role
    ),

    carers as (
        select district_code, claim_key, month, member_role
        from members
        where is_carer and member_role in ('claimant', 'partner')
        group by district_code, claim_key, month, member_role
    ),

    claimants as (
        select
            claims.district_code,
            claims.household_key,
            claims.month,
            1 as place,
            'claimant' as person_key,
            claims.claimant_age_at_month_end as age_at_month_end,
            'claimant' as role,
            claims.claimant_pension_age_month as pension_age_month,
            cast(null as boolean) as is_born_from_2017_04_06,
            coalesce(claims.has_disability_premium, false) as is_disabled,
            coalesce(claims.has_severe_disability_premium, false)
            or coalesce(disability_benefits.is_for_care, false) as has_daily_living_benefit,
            disability_benefits.person_role is not null as has_disability_benefit,
            coalesce(claims.has_carer_premium, false) or carers.claim_key is not null as is_carer,
            cast(null as decimal(18, 2)) as weekly_gross_income_gbp
        from claims
        left join
            disability_benefits
            on claims.district_code = disability_benefits.district_code
            and claims.household_key = disability_benefits.household_key
            and claims.month = disability_benefits.month
            and disability_benefits.person_role = 'claimant'
        left join
            carers
            on claims.district_code = carers.district_code
            and claims.claim_key = carers.claim_key
            and claims.month = carers.month
            and carers.member_role = 'claimant'
    ),

    partners as (
        select
            claims.district_code,
            claims.household_key,
            claims.month,
            2 as place,
            'partner' as person_key,
            claims.partner_age_at_month_end as age_at_month_end,
            'claimant' as role,
            claims.partner_pension_age_month as pension_age_month,
            cast(null as boolean) as is_born_from_2017_04_06,
            false as is_disabled,
            coalesce(disability_benefits.is_for_care, false) as has_daily_living_benefit,
            disability_benefits.person_role is not null as has_disability_benefit,
            carers.claim_key is not null as is_carer,
            cast(null as decimal(18, 2)) as weekly_gross_income_gbp
        from claims
        left join
            disability_benefits
            on claims.district_code = disability_benefits.district_code
            and claims.household_key = disability_benefits.household_key
            and claims.month = disability_benefits.month
            and disability_benefits.person_role = 'partner'
        left join
            carers
            on claims.district_code = carers.district_code
            and claims.claim_key = carers.claim_key
            and claims.month = carers.month
            and carers.member_role = 'partner'
        where claims.has_partner
    ),

    others as (
        select
            claims.district_code,
            claims.household_key,
            claims.month,
            10 + row_number() over (
                partition by claims.district_code, claims.claim_key, claims.month
                order by members.member_key
            ) as place,
            members.member_key as person_key,
            members.age_at_month_end,
            case when members.member_role = 'dependant' then 'child' else 'other' end as role,
            cast(null as date) as pension_age_month,
            members.is_born_from_2017_04_06,
            coalesce(members.is_disabled, false) as is_disabled,
            false as has_daily_living_benefit,
            coalesce(members.is_disabled, false) as has_disability_benefit,
            false as is_carer,
            members.weekly_gross_income_gbp
        from claims
        inner join
            members
            on claims.district_code = members.district_code
            and claims.claim_key = members.claim_key
            and claims.month = members.month
        where members.member_role in ('dependant', 'non_dependant')
    )

select *
from claimants
union all
select *
from partners
union all
select *
from others
