with

    homes as (select * from {{ ref("int_entitlement__homes") }}),

    units as (select * from {{ ref("int_entitlement_units") }}),

    unit_people as (select * from {{ ref("int_entitlement__unit_people") }}),

    universal_credit as (select * from {{ ref("int_entitlement__universal_credit") }}),

    housing_benefit as (select * from {{ ref("int_entitlement__housing_benefit") }}),

    pension_credit as (select * from {{ ref("int_entitlement__pension_credit") }}),

    non_dependants as (select * from {{ ref("int_entitlement__non_dependants") }}),

    rates as (select * from {{ ref("int_entitlement_rates_housing") }}),

    -- A couple of two ages is of pension age as long as neither is on Universal Credit
    -- (SI 2012/2885 reg 3).
    amounts as (
        select
            homes.unit_number,
            homes.home_number,
            homes.annual_council_tax_gbp,
            units.capital_gbp <= rates.ctr_capital_limit
            or pension_credit.guarantee_credit_gbp > 0
            or units.is_on_guarantee_credit as is_within_capital_limit,
            case
                when homes.is_exempt_from_deductions
                then 0
                else coalesce(non_dependants.ctr_deduction_gbp, 0)
            end as non_dependant_deduction_gbp,
            housing_benefit.excess_income_gbp * rates.ctr_taper as taper_gbp
        from homes
        inner join units on homes.unit_number = units.unit_number
        inner join unit_people on homes.unit_number = unit_people.unit_number
        inner join universal_credit on homes.unit_number = universal_credit.unit_number
        inner join housing_benefit on homes.unit_number = housing_benefit.unit_number
        inner join pension_credit on homes.unit_number = pension_credit.unit_number
        inner join rates on homes.period_key = rates.period_key
        left join non_dependants on homes.home_number = non_dependants.home_number
        where unit_people.pension_age_adult_count > 0 and universal_credit.universal_credit_gbp = 0
    )

select
    unit_number,
    home_number,
    annual_council_tax_gbp,
    is_within_capital_limit,
    non_dependant_deduction_gbp,
    taper_gbp,
    case
        when is_within_capital_limit
        then greatest(annual_council_tax_gbp - non_dependant_deduction_gbp - taper_gbp, 0)
        else 0
    end as council_tax_reduction_gbp
from amounts
