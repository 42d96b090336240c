-- Disability benefits stand apart (definition 17); all else that the claim lists is in one of the
-- parts. On guarantee credit there may be more, up to the guarantee.
with

    incomes as (
        select
            incomes.household_key,
            incomes.month,
            sum(
                case
                    when components.income_component <> 'disability_benefits'
                    then incomes.weekly_income_gbp
                    else 0
                end
            ) as weekly_gbp,
            sum(
                case
                    when components.income_component = 'disability_benefits'
                    then incomes.weekly_income_gbp
                    else 0
                end
            ) as weekly_disability_gbp
        from {{ ref("fct_household_incomes") }} as incomes
        inner join
            {{ ref("income_components") }} as components
            on incomes.income_kind = components.income_kind
        where incomes.source_feed = 'housing_benefit'
        group by incomes.household_key, incomes.month
    ),

    living_standards as (
        select
            *,
            earnings_gbp + other_benefits_gbp + other_income_gbp + child_benefit_gbp as income_gbp
        from {{ ref("fct_living_standards") }}
        where income_source in ('housing_benefit', 'guarantee_credit')
    )

-- Four sums are rounded from the week to the month, each on its own.
select living_standards.household_key, living_standards.month
from living_standards
inner join
    incomes
    on living_standards.household_key = incomes.household_key
    and living_standards.month = incomes.month
where
    living_standards.income_gbp < incomes.weekly_gbp * 52 / 12 - 0.03
    or (
        living_standards.income_source = 'housing_benefit'
        and not living_standards.is_income_assumed
        and living_standards.income_gbp > incomes.weekly_gbp * 52 / 12 + 0.03
    )
    or abs(living_standards.disability_benefits_gbp - incomes.weekly_disability_gbp * 52 / 12)
    > 0.01
