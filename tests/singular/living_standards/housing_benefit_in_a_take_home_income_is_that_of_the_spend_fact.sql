-- A week's benefit in payment × 52 ÷ 12, of every household whose income is told.
with

    benefit_spend as (
        select * from {{ ref("fct_benefit_spend") }} where benefit_code = 'hb' and is_in_payment
    ),

    living_standards as (
        select * from {{ ref("fct_living_standards") }} where income_source <> 'unknown'
    )

select living_standards.household_key, living_standards.month
from living_standards
left join
    benefit_spend
    on living_standards.household_key = benefit_spend.household_key
    and living_standards.month = benefit_spend.month
where
    living_standards.housing_benefit_gbp
    <> cast(coalesce(benefit_spend.weekly_award_gbp, 0) * 52 / 12 as decimal(18, 2))
