with

    units as (select * from {{ ref("int_entitlement_units") }}),

    unit_people as (select * from {{ ref("int_entitlement__unit_people") }}),

    homes as (select * from {{ ref("int_entitlement__homes") }}),

    pension_credit as (select * from {{ ref("int_entitlement__pension_credit") }}),

    housing_benefit as (select * from {{ ref("int_entitlement__housing_benefit") }}),

    council_tax_reduction as (select * from {{ ref("int_entitlement__council_tax_reduction") }}),

    household_awards as (select * from {{ ref("int_cts__household_awards") }}),

    incomes as (select * from {{ ref("int_housing_benefit__income_months") }}),

    -- Two periods in payment on one day would be two claims of a unit.
    support_in_payment as (
        select district_code, household_key, month, sum(weekly_award_gbp) as weekly_award_gbp
        from household_awards
        where is_in_payment
        group by district_code, household_key, month
    ),

    savings_credits as (
        select district_code, household_key, month, sum(weekly_income_gbp) as weekly_income_gbp
        from incomes
        where income_kind = 'pension_credit_savings'
        group by district_code, household_key, month
    )

select
    units.district_code,
    units.household_key,
    units.period_key as month,
    units.are_people_known,
    units.is_capital_known,
    units.is_income_known,
    units.passport = 'pension_credit_guarantee' as is_on_guarantee_credit,
    units.is_rent_known,
    homes.annual_council_tax_gbp is not null as is_council_tax_known,
    unit_people.child_count > 0 as has_children,
    pension_credit.guarantee_credit_gbp + pension_credit.savings_credit_gbp as pension_credit_gbp,
    housing_benefit.housing_benefit_gbp,
    council_tax_reduction.council_tax_reduction_gbp,
    cast(units.reported_housing_benefit_gbp as double) as housing_benefit_in_payment_gbp,
    coalesce(cast(support_in_payment.weekly_award_gbp as double), 0) * 52 as support_in_payment_gbp,
    coalesce(cast(savings_credits.weekly_income_gbp as double), 0)
    * 52 as savings_credit_in_payment_gbp
from units
inner join unit_people on units.unit_number = unit_people.unit_number
inner join homes on units.unit_number = homes.unit_number
inner join pension_credit on units.unit_number = pension_credit.unit_number
inner join housing_benefit on units.unit_number = housing_benefit.unit_number
inner join council_tax_reduction on units.unit_number = council_tax_reduction.unit_number
left join
    support_in_payment
    on units.district_code = support_in_payment.district_code
    and units.household_key = support_in_payment.household_key
    and units.period_key = support_in_payment.month
left join
    savings_credits
    on units.district_code = savings_credits.district_code
    and units.household_key = savings_credits.household_key
    and units.period_key = savings_credits.month
where housing_benefit.is_of_pension_age
