-- Classes, pounds, movement and flags of a district's month, counted from the households again.
with

    households as (
        select
            district_code,
            month,
            count(*) as household_count,
            count(case when living_standards_class = 'in_crisis' then 1 end) as in_crisis_count,
            count(case when living_standards_class = 'at_risk' then 1 end) as at_risk_count,
            count(case when living_standards_class = 'struggling' then 1 end) as struggling_count,
            count(case when living_standards_class = 'coping' then 1 end) as coping_count,
            coalesce(sum(shortfall_gbp), 0) as shortfall_gbp,
            coalesce(max(shortfall_gbp), 0) as largest_shortfall_gbp,
            count(case when is_fuel_stressed then 1 end) as fuel_stressed_count,
            count(case when is_water_over_lower then 1 end) as water_over_lower_count,
            count(case when is_water_over_higher then 1 end) as water_over_higher_count,
            count(case when is_short_of_food then 1 end) as short_of_food_count,
            count(case when is_rent_over_lha then 1 end) as rent_over_lha_count,
            count(case when is_benefit_capped then 1 end) as benefit_capped_count,
            count(case when is_over_deductions_cap then 1 end) as over_deductions_cap_count,
            count(case when has_arrears then 1 end) as arrears_count,
            count(is_fuel_stressed) as income_told_count,
            count(is_water_over_lower) as water_told_count,
            count(is_rent_over_lha) as lha_told_count,
            count(is_benefit_capped) as cap_told_count,
            count(is_over_deductions_cap) as deductions_told_count,
            count(has_arrears) as arrears_told_count
        from {{ ref("fct_living_standards") }}
        group by district_code, month
    ),

    areas as (
        select
            district_code,
            month,
            sum(household_count) as household_count,
            sum(in_crisis_count) as in_crisis_count,
            sum(at_risk_count) as at_risk_count,
            sum(struggling_count) as struggling_count,
            sum(coping_count) as coping_count,
            sum(shortfall_gbp) as shortfall_gbp,
            max(largest_shortfall_gbp) as largest_shortfall_gbp,
            sum(entry_count) as entry_count,
            sum(exit_count) as exit_count,
            sum(fuel_stressed_count) as fuel_stressed_count,
            sum(water_over_lower_count) as water_over_lower_count,
            sum(water_over_higher_count) as water_over_higher_count,
            sum(short_of_food_count) as short_of_food_count,
            sum(rent_over_lha_count) as rent_over_lha_count,
            sum(benefit_capped_count) as benefit_capped_count,
            sum(over_deductions_cap_count) as over_deductions_cap_count,
            sum(arrears_count) as arrears_count,
            sum(income_told_count) as income_told_count,
            sum(water_told_count) as water_told_count,
            sum(lha_told_count) as lha_told_count,
            sum(cap_told_count) as cap_told_count,
            sum(deductions_told_count) as deductions_told_count,
            sum(arrears_told_count) as arrears_told_count
        from {{ ref("fct_living_standards_month") }}
        group by district_code, month
    ),

    district_months as (select district_code, month from areas group by district_code, month),

    moves as (
        select
            district_code,
            month,
            count(case when movement = 'entry' then 1 end) as entry_count,
            count(case when movement = 'exit' then 1 end) as exit_count
        from {{ ref("fct_shortfall_moves") }}
        group by district_code, month
    )

select
    coalesce(households.district_code, areas.district_code) as district_code,
    coalesce(households.month, areas.month) as month
from households
full outer join
    areas on households.district_code = areas.district_code and households.month = areas.month
left join
    district_months as month_before
    on areas.district_code = month_before.district_code
    and month_before.month = areas.month - interval '1 month'
left join moves on areas.district_code = moves.district_code and areas.month = moves.month
where
    households.household_count is distinct from areas.household_count
    or households.in_crisis_count is distinct from areas.in_crisis_count
    or households.at_risk_count is distinct from areas.at_risk_count
    or households.struggling_count is distinct from areas.struggling_count
    or households.coping_count is distinct from areas.coping_count
    or households.shortfall_gbp is distinct from areas.shortfall_gbp
    or households.largest_shortfall_gbp is distinct from areas.largest_shortfall_gbp
    or areas.entry_count is distinct from case
        when month_before.month is not null then coalesce(moves.entry_count, 0)
    end
    or areas.exit_count
    is distinct from case when month_before.month is not null then coalesce(moves.exit_count, 0) end
    or households.fuel_stressed_count is distinct from areas.fuel_stressed_count
    or households.water_over_lower_count is distinct from areas.water_over_lower_count
    or households.water_over_higher_count is distinct from areas.water_over_higher_count
    or households.short_of_food_count is distinct from areas.short_of_food_count
    or households.rent_over_lha_count is distinct from areas.rent_over_lha_count
    or households.benefit_capped_count is distinct from areas.benefit_capped_count
    or households.over_deductions_cap_count is distinct from areas.over_deductions_cap_count
    or households.arrears_count is distinct from areas.arrears_count
    or households.income_told_count is distinct from areas.income_told_count
    or households.water_told_count is distinct from areas.water_told_count
    or households.lha_told_count is distinct from areas.lha_told_count
    or households.cap_told_count is distinct from areas.cap_told_count
    or households.deductions_told_count is distinct from areas.deductions_told_count
    or households.arrears_told_count is distinct from areas.arrears_told_count
