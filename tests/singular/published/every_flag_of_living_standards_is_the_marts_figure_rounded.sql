-- Districts and county together; the county stands without a district.
with

    area_months as (select * from {{ ref("fct_living_standards_month") }}),

    marts as (
        select
            district_code,
            month,
            sum(household_count) as household_count,
            sum(income_told_count) as income_told_count,
            sum(fuel_stressed_count) as fuel_stressed_count,
            sum(short_of_food_count) as short_of_food_count,
            sum(water_told_count) as water_told_count,
            sum(water_over_lower_count) as water_over_lower_count,
            sum(water_over_higher_count) as water_over_higher_count,
            sum(lha_told_count) as lha_told_count,
            sum(rent_over_lha_count) as rent_over_lha_count,
            sum(cap_told_count) as cap_told_count,
            sum(benefit_capped_count) as benefit_capped_count,
            sum(deductions_told_count) as deductions_told_count,
            sum(over_deductions_cap_count) as over_deductions_cap_count,
            sum(arrears_told_count) as arrears_told_count,
            sum(arrears_count) as in_arrears_count
        from area_months
        group by district_code, month
        union all
        select
            'county' as district_code,
            month,
            sum(household_count) as household_count,
            sum(income_told_count) as income_told_count,
            sum(fuel_stressed_count) as fuel_stressed_count,
            sum(short_of_food_count) as short_of_food_count,
            sum(water_told_count) as water_told_count,
            sum(water_over_lower_count) as water_over_lower_count,
            sum(water_over_higher_count) as water_over_higher_count,
            sum(lha_told_count) as lha_told_count,
            sum(rent_over_lha_count) as rent_over_lha_count,
            sum(cap_told_count) as cap_told_count,
            sum(benefit_capped_count) as benefit_capped_count,
            sum(deductions_told_count) as deductions_told_count,
            sum(over_deductions_cap_count) as over_deductions_cap_count,
            sum(arrears_told_count) as arrears_told_count,
            sum(arrears_count) as in_arrears_count
        from area_months
        group by month
    ),

    published as (
        select
            district_code,
            month,
            household_count,
            household_count_mark,
            income_told_count,
            income_told_count_mark,
            fuel_stressed_count,
            fuel_stressed_count_mark,
            short_of_food_count,
            short_of_food_count_mark,
            water_told_count,
            water_told_count_mark,
            water_over_lower_count,
            water_over_lower_count_mark,
            water_over_higher_count,
            water_over_higher_count_mark,
            lha_told_count,
            lha_told_count_mark,
            rent_over_lha_count,
            rent_over_lha_count_mark,
            cap_told_count,
            cap_told_count_mark,
            benefit_capped_count,
            benefit_capped_count_mark,
            deductions_told_count,
            deductions_told_count_mark,
            over_deductions_cap_count,
            over_deductions_cap_count_mark,
            arrears_told_count,
            arrears_told_count_mark,
            in_arrears_count,
            in_arrears_count_mark
        from {{ source("published", "district_living_standards_flag_month") }}
        union all
        select
            'county' as district_code,
            month,
            household_count,
            household_count_mark,
            income_told_count,
            income_told_count_mark,
            fuel_stressed_count,
            fuel_stressed_count_mark,
            short_of_food_count,
            short_of_food_count_mark,
            water_told_count,
            water_told_count_mark,
            water_over_lower_count,
            water_over_lower_count_mark,
            water_over_higher_count,
            water_over_higher_count_mark,
            lha_told_count,
            lha_told_count_mark,
            rent_over_lha_count,
            rent_over_lha_count_mark,
            cap_told_count,
            cap_told_count_mark,
            benefit_capped_count,
            benefit_capped_count_mark,
            deductions_told_count,
            deductions_told_count_mark,
            over_deductions_cap_count,
            over_deductions_cap_count_mark,
            arrears_told_count,
            arrears_told_count_mark,
            in_arrears_count,
            in_arrears_count_mark
        from {{ source("published", "county_living_standards_flag_month") }}
    )

select marts.*, published.district_code as published_district_code
from marts
full outer join
    published on marts.district_code = published.district_code and marts.month = published.month
where
    marts.district_code is null
    or published.district_code is null
    or {{ is_not_rounded_from("published.household_count", "marts.household_count", 2) }}
    or (published.household_count is null and published.household_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.income_told_count", "marts.income_told_count", 2) }}
    or (
        published.income_told_count is null
        and published.income_told_count_mark is distinct from 'c'
    )
    or {{ is_not_rounded_from("published.fuel_stressed_count", "marts.fuel_stressed_count", 2) }}
    or (
        published.fuel_stressed_count is null
        and published.fuel_stressed_count_mark is distinct from 'c'
    )
    or {{ is_not_rounded_from("published.short_of_food_count", "marts.short_of_food_count", 2) }}
    or (
        published.short_of_food_count is null
        and published.short_of_food_count_mark is distinct from 'c'
    )
    or {{ is_not_rounded_from("published.water_told_count", "marts.water_told_count", 2) }}
    or (published.water_told_count is null and published.water_told_count_mark is distinct from 'c')
    or {{
        is_not_rounded_from(
            "published.water_over_lower_count", "marts.water_over_lower_count", 2
        )
    }}
    or (
        published.water_over_lower_count is null
        and published.water_over_lower_count_mark is distinct from 'c'
    )
    or {{
        is_not_rounded_from(
            "published.water_over_higher_count", "marts.water_over_higher_count", 2
        )
    }}
    or (
        published.water_over_higher_count is null
        and published.water_over_higher_count_mark is distinct from 'c'
    )
    or {{ is_not_rounded_from("published.lha_told_count", "marts.lha_told_count", 2) }}
    or (published.lha_told_count is null and published.lha_told_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.rent_over_lha_count", "marts.rent_over_lha_count", 2) }}
    or (
        published.rent_over_lha_count is null
        and published.rent_over_lha_count_mark is distinct from 'c'
    )
    or {{ is_not_rounded_from("published.cap_told_count", "marts.cap_told_count", 2) }}
    or (published.cap_told_count is null and published.cap_told_count_mark is distinct from 'c')
    or {{ is_not_rounded_from("published.benefit_capped_count", "marts.benefit_capped_count", 2) }}
    or (
        published.benefit_capped_count is null
        and published.benefit_capped_count_mark is distinct from 'c'
    )
    or
    {{ is_not_rounded_from("published.deductions_told_count", "marts.deductions_told_count", 2) }}
    or (
        published.deductions_told_count is null
        and published.deductions_told_count_mark is distinct from 'c'
    )
    or {{
        is_not_rounded_from(
            "published.over_deductions_cap_count", "marts.over_deductions_cap_count", 2
        )
    }}
    or (
        published.over_deductions_cap_count is null
        and published.over_deductions_cap_count_mark is distinct from 'c'
    )
    or {{ is_not_rounded_from("published.arrears_told_count", "marts.arrears_told_count", 2) }}
    or (
        published.arrears_told_count is null
        and published.arrears_told_count_mark is distinct from 'c'
    )
    or {{ is_not_rounded_from("published.in_arrears_count", "marts.in_arrears_count", 2) }}
    or (published.in_arrears_count is null and published.in_arrears_count_mark is distinct from 'c')
