{{ config(materialized="view") }}

with

    people as (select * from {{ ref("int_entitlement_people") }}),

    incomes as (select * from {{ ref("int_entitlement_incomes") }}),

    treatments as (select * from {{ ref("entitlement_incomes") }}),

    carers as (select * from {{ ref("int_entitlement__carers") }}),

    rates as (select * from {{ ref("int_entitlement_rates_disability") }}),

    -- Whole pence, which doubles add exactly in whatever order the rows come. Earnings that a
    -- source
    -- tells net bear no tax here.
    incomes_treated as (
        select
            incomes.person_number,
            round(cast(incomes.annual_gbp as double) * 100) as pence,
            treatments.is_net,
            treatments.is_earnings
            and not treatments.is_net
            and not treatments.is_self_employment as is_employment,
            treatments.is_self_employment,
            treatments.is_carers_allowance,
            treatments.overlaps_carers_allowance,
            treatments.is_taxable and not treatments.is_earnings as is_taxable_unearned,
            treatments.counts_for_uc,
            treatments.counts_for_pension_age
        from incomes
        inner join treatments on incomes.income_kind = treatments.income_kind
    ),

    incomes_added as (
        select
            person_number,
            sum(case when is_employment then pence else 0 end) / 100 as employment_gbp,
            sum(case when is_self_employment and not is_net then pence else 0 end)
            / 100 as self_employment_gbp,
            sum(case when is_net then pence else 0 end) / 100 as told_net_gbp,
            max(case when is_carers_allowance then 1 else 0 end) as carers_allowance_count,
            max(
                case when is_self_employment and pence > 0 then 1 else 0 end
            ) as self_employed_count,
            sum(case when overlaps_carers_allowance then pence else 0 end) / 100 as overlapping_gbp,
            sum(case when is_taxable_unearned then pence else 0 end) / 100 as taxable_unearned_gbp,
            sum(case when counts_for_uc then pence else 0 end) / 100 as uc_unearned_gbp,
            sum(case when counts_for_pension_age then pence else 0 end)
            / 100 as pension_age_unearned_gbp
        from incomes_treated
        group by person_number
    ),

    adults as (
        select
            people.period_key,
            people.unit_number,
            people.person_number,
            people.role = 'claimant' as is_claimant,
            people.age_years,
            people.is_of_pension_age,
            people.is_disabled or people.has_lcwra as has_limited_capability,
            people.has_lcwra,
            people.is_in_start_up_period,
            people.weekly_hours,
            carers.person_number is not null as is_carer,
            coalesce(incomes_added.employment_gbp, 0) as employment_gbp,
            coalesce(incomes_added.self_employment_gbp, 0) as self_employment_gbp,
            coalesce(incomes_added.told_net_gbp, 0) as told_net_gbp,
            coalesce(incomes_added.self_employed_count, 0) = 1 as is_self_employed,
            coalesce(incomes_added.carers_allowance_count, 0) = 1 as is_carers_allowance_told,
            coalesce(incomes_added.overlapping_gbp, 0) as overlapping_gbp,
            coalesce(incomes_added.taxable_unearned_gbp, 0) as taxable_unearned_gbp,
            coalesce(incomes_added.uc_unearned_gbp, 0) as uc_unearned_gbp,
            coalesce(incomes_added.pension_age_unearned_gbp, 0) as pension_age_unearned_gbp,
            rates.carers_allowance * 52 as full_carers_allowance_gbp,
            rates.carers_allowance_earnings_limit * 52 as carers_earnings_limit_gbp
        from people
        inner join rates on people.period_key = rates.period_key
        left join incomes_added on people.person_number = incomes_added.person_number
        left join carers on people.person_number = carers.person_number
        where people.role <> 'child'
    ),

    -- Carer's Allowance overlaps with the State Pension (SI 1979/597 reg 4): what exceeds the
    -- pension is paid.
    carers_paid as (
        select
            *,
            employment_gbp + self_employment_gbp as taxed_earnings_gbp,
            employment_gbp + self_employment_gbp + told_net_gbp as earnings_gbp,
            case
                when
                    is_carer
                    and not is_carers_allowance_told
                    and employment_gbp + self_employment_gbp + told_net_gbp
                    <= carers_earnings_limit_gbp
                then greatest(full_carers_allowance_gbp - overlapping_gbp, 0)
                else 0
            end as carers_allowance_gbp
        from adults
    )

select
    period_key,
    unit_number,
    person_number,
    is_claimant,
    age_years,
    is_of_pension_age,
    has_lcwra,
    has_limited_capability or is_carer as is_unable_to_work,
    is_in_start_up_period,
    weekly_hours,
    is_carer,
    employment_gbp,
    self_employment_gbp,
    is_self_employed,
    taxed_earnings_gbp,
    earnings_gbp,
    uc_unearned_gbp,
    pension_age_unearned_gbp,
    carers_allowance_gbp,
    taxed_earnings_gbp + taxable_unearned_gbp + carers_allowance_gbp as taxable_income_gbp
from carers_paid
