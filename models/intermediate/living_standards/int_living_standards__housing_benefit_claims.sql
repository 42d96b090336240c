{{ config(materialized="view") }}

with

    running_claims as (select * from {{ ref("int_housing_benefit__running_claims") }}),

    incomes as (select * from {{ ref("int_housing_benefit__income_months") }}),

    benefit_months as (
        select household_key, month, weekly_award_gbp
        from {{ ref("int_housing_benefit__spend_months") }}
        where is_in_payment
    ),

    income_components as (select * from {{ ref("income_components") }}),

    incomes_added as (
        select
            incomes.household_key,
            incomes.month,
            -- A kind that no row of the seed names is not a nil: it makes the income unknown.
            sum(
                case
                    when
                        coalesce(income_components.income_component, 'gross_earnings')
                        = 'gross_earnings'
                    then 1
                    else 0
                end
            ) as unusable_count,
            sum(
                case
                    when income_components.income_component = 'earnings'
                    then incomes.weekly_income_gbp
                    else 0
                end
            ) as earnings_gbp,
            sum(
                case
                    when income_components.income_component = 'other_benefits'
                    then incomes.weekly_income_gbp
                    else 0
                end
            ) as other_benefits_gbp,
            sum(
                case
                    when income_components.income_component = 'other_income'
                    then incomes.weekly_income_gbp
                    else 0
                end
            ) as other_income_gbp,
            sum(
                case
                    when income_components.income_component = 'disability_benefits'
                    then incomes.weekly_income_gbp
                    else 0
                end
            ) as disability_benefits_gbp,
            sum(
                case
                    when income_components.income_component = 'child_benefit'
                    then incomes.weekly_income_gbp
                end
            ) as child_benefit_gbp
        from incomes
        left join income_components on incomes.income_kind = income_components.income_kind
        group by incomes.household_key, incomes.month
    )

select
    running_claims.household_key,
    running_claims.month,
    running_claims.district_code,
    running_claims.has_partner,
    running_claims.dependant_count,
    running_claims.claimant_pension_age_month <= running_claims.month as is_pension_age,
    running_claims.passport = 'pension_credit_guarantee' as is_on_guarantee_credit,
    running_claims.passport not in ('none', 'pension_credit_guarantee') as is_passported_otherwise,
    coalesce(incomes_added.unusable_count = 0, false) as has_usable_incomes,
    cast(incomes_added.earnings_gbp * 52 / 12 as decimal(18, 2)) as earnings_gbp,
    cast(incomes_added.other_benefits_gbp * 52 / 12 as decimal(18, 2)) as other_benefits_gbp,
    cast(incomes_added.other_income_gbp * 52 / 12 as decimal(18, 2)) as other_income_gbp,
    cast(
        incomes_added.disability_benefits_gbp * 52 / 12 as decimal(18, 2)
    ) as disability_benefits_gbp,
    cast(incomes_added.child_benefit_gbp * 52 / 12 as decimal(18, 2)) as child_benefit_gbp,
    -- Of every claim of the household in payment, where `running_claims` is of one.
    cast(
        coalesce(benefit_months.weekly_award_gbp, 0) * 52 / 12 as decimal(18, 2)
    ) as housing_benefit_gbp,
    cast(
        running_claims.weekly_contractual_rent_gbp * 52 / 12 as decimal(18, 2)
    ) as contractual_rent_gbp,
    cast(running_claims.weekly_eligible_rent_gbp * 52 / 12 as decimal(18, 2)) as eligible_rent_gbp,
    case
        when running_claims.is_lha
        then running_claims.weekly_contractual_rent_gbp > running_claims.weekly_lha_gbp
    end as is_rent_over_lha,
    running_claims.is_benefit_capped
from running_claims
left join
    incomes_added
    on running_claims.household_key = incomes_added.household_key
    and running_claims.month = incomes_added.month
left join
    benefit_months
    on running_claims.household_key = benefit_months.household_key
    and running_claims.month = benefit_months.month
