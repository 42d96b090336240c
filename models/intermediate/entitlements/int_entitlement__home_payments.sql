with

    units as (select * from {{ ref("int_entitlement_units") }}),

    universal_credit as (select * from {{ ref("int_entitlement__universal_credit") }}),

    pension_credit as (select * from {{ ref("int_entitlement__pension_credit") }}),

    housing_benefit as (select * from {{ ref("int_entitlement__housing_benefit") }}),

    winter_fuel_shares as (select * from {{ ref("int_entitlement__winter_fuel_shares") }}),

    rates as (select * from {{ ref("int_entitlement_rates_other") }}),

    -- A unit on Pension Credit or Universal Credit has the whole payment, not a share of it.
    winter_fuel as (
        select
            winter_fuel_shares.unit_number,
            sum(cast(winter_fuel_shares.shared_payment_gbp as decimal(18, 2))) as shared_gbp,
            max(
                case
                    when winter_fuel_shares.is_of_higher_age
                    then winter_fuel_shares.winter_fuel_higher
                    else winter_fuel_shares.winter_fuel_lower
                end
            ) as whole_gbp
        from winter_fuel_shares
        group by winter_fuel_shares.unit_number
    ),

    units_paid as (
        select
            units.home_number,
            units.period_key,
            units.is_liable,
            universal_credit.universal_credit_gbp > 0 as is_on_uc,
            coalesce(pension_credit.guarantee_credit_gbp + pension_credit.savings_credit_gbp, 0)
            > 0 as is_on_pension_credit,
            coalesce(housing_benefit.housing_benefit_gbp, 0) > 0 as is_on_housing_benefit,
            winter_fuel.shared_gbp,
            winter_fuel.whole_gbp
        from units
        inner join universal_credit on units.unit_number = universal_credit.unit_number
        left join pension_credit on units.unit_number = pension_credit.unit_number
        left join housing_benefit on units.unit_number = housing_benefit.unit_number
        left join winter_fuel on units.unit_number = winter_fuel.unit_number
    )

select
    units_paid.home_number,
    sum(
        case
            when units_paid.is_on_pension_credit or units_paid.is_on_uc
            then coalesce(units_paid.whole_gbp, 0)
            when rates.winter_fuel_needs_benefit = 1
            then 0
            else coalesce(units_paid.shared_gbp, 0)
        end
    ) as winter_fuel_gbp,
    max(
        case
            when
                units_paid.is_liable
                and (
                    units_paid.is_on_pension_credit
                    or units_paid.is_on_uc
                    or units_paid.is_on_housing_benefit
                )
            then rates.warm_home_discount * rates.warm_home_discount_any_means_tested
            else 0
        end
    ) as warm_home_discount_gbp
from units_paid
inner join rates on units_paid.period_key = rates.period_key
group by units_paid.home_number
