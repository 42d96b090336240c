with

    people as (select * from {{ ref("int_entitlement_people") }}),

    incomes as (select * from {{ ref("int_entitlement_incomes") }}),

    treatments as (select * from {{ ref("entitlement_incomes") }}),

    carers as (select * from {{ ref("int_entitlement__carers") }}),

    rates as (select * from {{ ref("int_entitlement_rates_disability") }}),

    -- Pounds are added as decimals, so that the order of the rows cannot decide a penny. Earnings
    -- that a source tells net bear no tax here.
    incomes_added as (
        select
            incomes.person_number,
            sum(
                case
                    when
                        treatments.is_earnings
                        and not treatments.is_net
                        and not treatments.is_self_employment
                    then incomes.annual_gbp
                    else 0
                end
            ) as employment_gbp,
            sum(
                case
                    when treatments.is_self_employment and not treatments.is_net
                    then incomes.annual_gbp
                    else 0
                end
            ) as self_employment_gbp,
            sum(case when treatments.is_net then incomes.annual_gbp else 0 end) as told_net_gbp,
            max(
                case when treatments.is_carers_allowance then 1 else 0 end
            ) as carers_allowance_count,
            max(
                case when treatments.is_self_employment and incomes.annual_gbp > 0 then 1 else 0 end
            ) as self_employed_count,
            sum(
                case when treatments.overlaps_carers_allowance then incomes.annual_gbp else 0 end
            ) as overlapping_gbp,
            sum(
                case
                    when treatments.is_taxable and not treatments.is_earnings
                    then incomes.annual_gbp
                    else 0
                end
            ) as taxable_unearned_gbp,
            sum(
                case when treatments.counts_for_uc then incomes.annual_gbp else 0 end
            ) as uc_unearned_gbp,
            sum(
                case when treatments.counts_for_pension_age then incomes.annual_gbp else 0 end
            ) as pension_age_unearned_gbp
        from incomes
        inner join treatments on incomes.income_kind = treatments.income_kind
        group by incomes.person_number
    ),

    adults as (
        select
            people.period_key,
            people.unit_number,
            people.person_number,
            people.role,
            people.age_years,
            people.is_of_pension_age,
            people.is_disabled or people.has_lcwra as has_limited_capability,
            people.has_lcwra,
            people.is_in_start_up_period,
            people.weekly_hours,
            carers.person_number is not null as is_carer,
            cast(coalesce(incomes_added.employment_gbp, 0) as double) as employment_gbp,
            cast(coalesce(incomes_added.self_employment_gbp, 0) as double) as self_employment_gbp,
            cast(coalesce(incomes_added.told_net_gbp, 0) as double) as told_net_gbp,
            coalesce(incomes_added.self_employed_count, 0) = 1 as is_self_employed,
            coalesce(incomes_added.carers_allowance_count, 0) = 1 as is_carers_allowance_told,
            cast(coalesce(incomes_added.overlapping_gbp, 0) as double) as overlapping_gbp,
            cast(coalesce(incomes_added.taxable_unearned_gbp, 0) as double) as taxable_unearned_gbp,
            cast(coalesce(incomes_added.uc_unearned_gbp, 0) as double) as uc_unearned_gbp,
            cast(
                coalesce(incomes_added.pension_age_unearned_gbp, 0) as double
            ) as pension_age_unearned_gbp,
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
    role,
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
