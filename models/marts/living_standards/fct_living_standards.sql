with

    margins as (select * from {{ ref("int_living_standards__margins") }}),

    arrears as (select * from {{ ref("fct_arrears") }} where overdue_gbp > 0),

    account_households as (
        select district_code, account_key, household_key, 'council_tax' as debt_type
        from {{ ref("int_household_accounts") }}
        union all
        select district_code, rent_account_key as account_key, household_key, 'rent' as debt_type
        from {{ ref("int_household_rent_accounts") }}
    ),

    household_arrears as (
        select account_households.household_key, arrears.month
        from arrears
        inner join
            account_households
            on arrears.district_code = account_households.district_code
            and arrears.account_key = account_households.account_key
            and arrears.debt_type = account_households.debt_type
        group by account_households.household_key, arrears.month
    )

select
    margins.district_code,
    margins.household_key,
    margins.month,
    margins.lsoa_code,
    margins.age_group,
    margins.living_standards_class,
    margins.income_source,
    margins.housing_cost_source,
    margins.council_tax_source,
    margins.uc_period_start,
    margins.is_income_assumed,
    margins.is_housing_cost_assumed,
    margins.is_essentials_assumed,
    margins.has_partner,
    cast(margins.child_count as integer) as child_count,
    cast(margins.earnings_gbp as decimal(18, 2)) as earnings_gbp,
    cast(margins.universal_credit_gbp as decimal(18, 2)) as universal_credit_gbp,
    cast(margins.housing_benefit_gbp as decimal(18, 2)) as housing_benefit_gbp,
    cast(margins.child_benefit_gbp as decimal(18, 2)) as child_benefit_gbp,
    cast(margins.other_benefits_gbp as decimal(18, 2)) as other_benefits_gbp,
    cast(margins.other_income_gbp as decimal(18, 2)) as other_income_gbp,
    margins.take_home_gbp,
    cast(margins.disability_benefits_gbp as decimal(18, 2)) as disability_benefits_gbp,
    cast(margins.housing_cost_gbp as decimal(18, 2)) as housing_cost_gbp,
    cast(margins.council_tax_gbp as decimal(18, 2)) as council_tax_gbp,
    margins.priority_gbp as priority_costs_gbp,
    margins.essentials_gbp,
    cast(margins.priority_gbp + margins.essentials_gbp as decimal(18, 2)) as expected_costs_gbp,
    cast(
        margins.take_home_gbp - margins.priority_gbp - margins.essentials_gbp as decimal(18, 2)
    ) as margin_gbp,
    cast(
        margins.take_home_gbp
        + margins.disability_benefits_gbp
        - margins.priority_gbp
        - margins.essentials_gbp as decimal(18, 2)
    ) as margin_with_disability_benefits_gbp,
    cast(
        case
            when margins.take_home_gbp < margins.priority_gbp + margins.essentials_gbp
            then margins.priority_gbp + margins.essentials_gbp - margins.take_home_gbp
            when margins.take_home_gbp >= margins.priority_gbp + margins.essentials_gbp
            then 0
        end as decimal(18, 2)
    ) as shortfall_gbp,
    margins.is_fuel_stressed,
    margins.is_water_over_lower,
    margins.is_water_over_higher,
    margins.is_short_of_food,
    margins.is_rent_over_lha,
    margins.is_benefit_capped,
    margins.is_over_deductions_cap,
    case
        when household_arrears.household_key is not null
        then true
        when margins.has_home or margins.rent_gbp is not null
        then false
    end as has_arrears,
    {{ build_id() }} as build_id
from margins
left join
    household_arrears
    on margins.household_key = household_arrears.household_key
    and margins.month = household_arrears.month
