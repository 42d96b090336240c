-- Discretionary Housing Payments are housing payments whatever they were given for.
with

    awards as (select * from {{ ref("fct_discretionary_awards") }}),

    months as (select * from {{ ref("dim_month") }}),

    reasons as (select * from {{ ref("discretionary_reasons") }}),

    living_standards as (select * from {{ ref("fct_living_standards") }}),

    needs as (select * from {{ ref("fct_household_needs") }})

select
    awards.district_code,
    awards.award_key,
    awards.month,
    months.quarter_month,
    months.quarter_label,
    awards.household_key,
    awards.fund,
    awards.award_reason,
    case
        when awards.fund = 'discretionary_housing_payment'
        then 'housing_payments'
        else coalesce(reasons.strand, 'crisis_payments')
    end as strand,
    case
        when living_standards.household_key is null
        then 'not_known'
        when living_standards.child_count > 0
        then 'with_children'
        when living_standards.age_group = 'pension'
        then 'pension_age'
        when living_standards.child_count = 0
        then 'working_age'
        else 'not_known'
    end as household_kind,
    coalesce(needs.has_disability, false) as has_disability,
    awards.award_gbp,
    cast(
        sum(awards.award_gbp) over (
            partition by
                awards.district_code,
                months.quarter_month,
                coalesce(awards.household_key, awards.award_key)
        ) as decimal(18, 2)
    ) as household_quarter_gbp,
    {{ build_id() }} as build_id
from awards
inner join months on awards.month = months.month
left join reasons on awards.award_reason = reasons.award_reason
left join
    living_standards
    on awards.household_key = living_standards.household_key
    and awards.month = living_standards.month
left join needs on awards.household_key = needs.household_key and awards.month = needs.month
