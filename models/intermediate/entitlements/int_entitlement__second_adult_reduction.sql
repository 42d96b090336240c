with

    homes as (select * from {{ ref("int_entitlement__homes") }}),

    people as (select * from {{ ref("int_entitlement_people") }}),

    unit_people as (select * from {{ ref("int_entitlement__unit_people") }}),

    adults as (select * from {{ ref("int_entitlement__adults") }}),

    pension_credit as (select * from {{ ref("int_entitlement__pension_credit") }}),

    council_tax_reduction as (select * from {{ ref("int_entitlement__council_tax_reduction") }}),

    discount_rates as (select * from {{ ref("int_entitlement_rates_other") }}),

    rates as (select * from {{ ref("int_entitlement_rates_housing") }}),

    second_adults as (
        select
            people.home_number,
            sum(cast(adults.taxable_income_gbp as decimal(18, 2))) as gross_income_gbp,
            min(
                case
                    when
                        pension_credit.guarantee_credit_gbp + pension_credit.savings_credit_gbp > 0
                        and people.role <> 'other'
                    then 1
                    else 0
                end
            )
            = 1 as are_all_on_pension_credit
        from people
        inner join adults on people.person_number = adults.person_number
        left join pension_credit on people.unit_number = pension_credit.unit_number
        inner join discount_rates on people.period_key = discount_rates.period_key
        where
            people.is_non_dependant
            and not people.is_disregarded_for_council_tax
            and people.age_years >= discount_rates.council_tax_resident_age
        group by people.home_number
    )

-- Of who would be alone but for adults of low income; the greater of it and the reduction by the
-- means test is awarded (SI 2012/2885 Sch 1 paras 4 and 5).
select
    homes.home_number,
    second_adults.gross_income_gbp,
    homes.annual_council_tax_gbp * case
        when council_tax_reduction.unit_number is null or unit_people.adult_count > 1
        then 0
        when second_adults.are_all_on_pension_credit
        then rates.second_adult_share_benefit
        when second_adults.gross_income_gbp < rates.second_adult_higher_below * 52
        then rates.second_adult_share_higher
        when second_adults.gross_income_gbp < rates.second_adult_lower_below * 52
        then rates.second_adult_share_lower
        else 0
    end as second_adult_reduction_gbp
from homes
inner join second_adults on homes.home_number = second_adults.home_number
inner join unit_people on homes.unit_number = unit_people.unit_number
left join council_tax_reduction on homes.unit_number = council_tax_reduction.unit_number
inner join rates on homes.period_key = rates.period_key
