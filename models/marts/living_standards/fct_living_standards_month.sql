with

    living_standards as (select * from {{ ref("fct_living_standards") }}),

    look_backs as (select * from {{ ref("int_living_standards__look_backs") }}),

    moves as (
        select
            district_code,
            coalesce(lsoa_code, 'unknown') as lsoa_code,
            month,
            sum(case when movement = 'entry' then 1 else 0 end) as entry_count,
            sum(case when movement = 'exit' then 1 else 0 end) as exit_count
        from {{ ref("fct_shortfall_moves") }}
        group by district_code, coalesce(lsoa_code, 'unknown'), month
    ),

    new_hardship as (
        select
            district_code,
            coalesce(lsoa_code, 'unknown') as lsoa_code,
            month,
            count(*) as new_to_hardship_count
        from {{ ref("fct_shortfall_starts") }}
        where is_new_to_hardship
        group by district_code, coalesce(lsoa_code, 'unknown'), month
    ),

    standing as (select * from {{ ref("fct_shortfall_standing_month") }}),

    areas as (select lsoa_code, rural_urban_class from {{ ref("dim_area") }}),

    area_months as (
        select
            district_code,
            coalesce(lsoa_code, 'unknown') as lsoa_code,
            month,
            count(*) as household_count,
            count(margin_gbp) as known_count,
            {% for class in ["in_crisis", "at_risk", "struggling", "coping"] %}
                sum(
                    case when living_standards_class = '{{ class }}' then 1 else 0 end
                ) as {{ class }}_count,
            {% endfor %}
            sum(shortfall_gbp) as shortfall_gbp,
            max(shortfall_gbp) as largest_shortfall_gbp,
            sum(case when is_fuel_stressed then 1 else 0 end) as fuel_stressed_count,
            sum(case when is_water_over_lower then 1 else 0 end) as water_over_lower_count,
            sum(case when is_water_over_higher then 1 else 0 end) as water_over_higher_count,
            count(is_water_over_lower) as water_told_count,
            count(is_fuel_stressed) as income_told_count,
            sum(case when is_short_of_food then 1 else 0 end) as short_of_food_count,
            sum(case when is_rent_over_lha then 1 else 0 end) as rent_over_lha_count,
            count(is_rent_over_lha) as lha_told_count,
            sum(case when is_benefit_capped then 1 else 0 end) as benefit_capped_count,
            count(is_benefit_capped) as cap_told_count,
            sum(case when is_over_deductions_cap then 1 else 0 end) as over_deductions_cap_count,
            count(is_over_deductions_cap) as deductions_told_count,
            sum(case when has_arrears then 1 else 0 end) as arrears_count,
            count(has_arrears) as arrears_told_count
        from living_standards
        group by district_code, coalesce(lsoa_code, 'unknown'), month
    ),

    district_months as (select district_code, month from area_months group by district_code, month)

-- A month's newcomers are nought where the look-back is held and none is found, and null where it
-- is not held; so are its entries where the month before is.
select
    area_months.district_code,
    area_months.lsoa_code,
    area_months.month,
    coalesce(areas.rural_urban_class, 'unknown') as rural_urban_class,
    cast(area_months.household_count as integer) as household_count,
    cast(area_months.known_count as integer) as known_count,
    cast(area_months.in_crisis_count as integer) as in_crisis_count,
    cast(area_months.at_risk_count as integer) as at_risk_count,
    cast(area_months.struggling_count as integer) as struggling_count,
    cast(area_months.coping_count as integer) as coping_count,
    cast(area_months.in_crisis_count + area_months.at_risk_count as integer) as shortfall_count,
    cast(coalesce(area_months.shortfall_gbp, 0) as decimal(18, 2)) as shortfall_gbp,
    cast(coalesce(area_months.largest_shortfall_gbp, 0) as decimal(18, 2)) as largest_shortfall_gbp,
    cast(
        case when month_before.month is not null then coalesce(moves.entry_count, 0) end as integer
    ) as entry_count,
    cast(
        case when month_before.month is not null then coalesce(moves.exit_count, 0) end as integer
    ) as exit_count,
    coalesce(look_backs.is_look_back_held, false) as is_look_back_held,
    cast(
        case
            when look_backs.is_look_back_held then coalesce(new_hardship.new_to_hardship_count, 0)
        end as integer
    ) as new_to_hardship_count,
    {% for known in ["known_vulnerable", "newly_hit", "not_looked_back"] %}
        cast(
            case
                when look_backs.is_look_back_held then coalesce(standing.{{ known }}_count, 0)
            end as integer
        ) as {{ known }}_count,
    {% endfor %}
    cast(area_months.income_told_count as integer) as income_told_count,
    cast(area_months.fuel_stressed_count as integer) as fuel_stressed_count,
    cast(area_months.water_told_count as integer) as water_told_count,
    cast(area_months.water_over_lower_count as integer) as water_over_lower_count,
    cast(area_months.water_over_higher_count as integer) as water_over_higher_count,
    cast(area_months.short_of_food_count as integer) as short_of_food_count,
    cast(area_months.lha_told_count as integer) as lha_told_count,
    cast(area_months.rent_over_lha_count as integer) as rent_over_lha_count,
    cast(area_months.cap_told_count as integer) as cap_told_count,
    cast(area_months.benefit_capped_count as integer) as benefit_capped_count,
    cast(area_months.deductions_told_count as integer) as deductions_told_count,
    cast(area_months.over_deductions_cap_count as integer) as over_deductions_cap_count,
    cast(area_months.arrears_told_count as integer) as arrears_told_count,
    cast(area_months.arrears_count as integer) as arrears_count,
    {{ build_id() }} as build_id
from area_months
left join
    look_backs
    on area_months.district_code = look_backs.district_code
    and area_months.month = look_backs.month
left join
    district_months as month_before
    on area_months.district_code = month_before.district_code
    and month_before.month = area_months.month - interval '1 month'
left join
    moves
    on area_months.district_code = moves.district_code
    and area_months.lsoa_code = moves.lsoa_code
    and area_months.month = moves.month
left join
    new_hardship
    on area_months.district_code = new_hardship.district_code
    and area_months.lsoa_code = new_hardship.lsoa_code
    and area_months.month = new_hardship.month
left join
    standing
    on area_months.district_code = standing.district_code
    and area_months.lsoa_code = standing.lsoa_code
    and area_months.month = standing.month
left join areas on area_months.lsoa_code = areas.lsoa_code
