with

    extract_in_force as (select * from {{ ref("int_extract_in_force") }}),

    parameters as (select * from {{ ref("living_standards_parameters") }}),

    benefit_rates as (select * from {{ ref("benefit_rates") }}),

    essentials as (select * from {{ ref("essentials") }}),

    bills as (select * from {{ ref("utility_bills") }}),

    equivalence_scale as (select * from {{ ref("equivalence_scale") }}),

    -- Several districts and feeds send the same month.
    months as (
        select month, {{ last_day_of("month") }} as month_end
        from extract_in_force
        where feed <> 'council_taxbase' and feed <> 'council_tax_levels'
        group by month
    ),

    -- All that is looked up by a day, in one list: pounds a year of the bills and pounds a week of
    -- the yardsticks stay as they are printed until they are laid out.
    figures as (
        select parameter_code as rate_code, valid_from, valid_to, value, is_assumed
        from parameters
        union all
        select rate_code, valid_from, valid_to, value, false as is_assumed
        from benefit_rates
        union all
        select 'bill_' || bill as rate_code, valid_from, valid_to, annual_gbp as value, is_assumed
        from bills
        union all
        select
            yardstick || '_single' as rate_code,
            valid_from,
            valid_to,
            weekly_single_gbp as value,
            is_assumed
        from essentials
        union all
        select
            yardstick || '_couple' as rate_code,
            valid_from,
            valid_to,
            weekly_couple_gbp as value,
            is_assumed
        from essentials
    ),

    weights as (
        select
            max(
                case when person_kind = 'further_person_14_or_over' then scale_weight end
            ) as further_adult_weight,
            max(case when person_kind = 'child_under_14' then scale_weight end) as child_weight
        from equivalence_scale
    ),

    figures_of_months as (
        select months.month, figures.rate_code, figures.value, figures.is_assumed
        from months
        left join figures on months.month_end between figures.valid_from and figures.valid_to
    ),

    months_laid_out as (
        select
            month,
            {{ rate("essentials_single") }} * 52 / 12 as essentials_single_gbp,
            {{ rate("essentials_couple") }} * 52 / 12 as essentials_couple_gbp,
            {{ rate("food_single") }} * 52 / 12 as food_single_gbp,
            {{ rate("food_couple") }} * 52 / 12 as food_couple_gbp,
            max(
                case when rate_code = 'essentials_couple' and is_assumed then 1 else 0 end
            ) as assumed_yardsticks,
            {{ rate("bill_energy") }} / 12 as energy_gbp,
            {{ rate("bill_water") }} / 12 as water_gbp,
            {{ rate("essentials_floor_share") }} as floor_share,
            {{ rate("struggling_below_gbp") }} as struggling_below_gbp,
            {{ rate("fuel_stress_share") }} as fuel_stress_share,
            {{ rate("water_share_lower") }} as water_share_lower,
            {{ rate("water_share_higher") }} as water_share_higher,
            {{ rate("look_back_months") }} as look_back_months,
            {{ rate("arrears_repayment_months") }} as arrears_repayment_months,
            {{ rate("child_benefit_eldest") }} * 52 / 12 as child_benefit_eldest_gbp,
            {{ rate("child_benefit_other") }} * 52 / 12 as child_benefit_other_gbp,
            {{ rate("pc_guarantee_single") }} * 52 / 12 as guarantee_single_gbp,
            {{ rate("pc_guarantee_couple") }} * 52 / 12 as guarantee_couple_gbp,
            {{ rate("uc_capital_disregarded") }} as capital_disregarded_gbp,
            {{ rate("uc_capital_step") }} as capital_step_gbp,
            {{ rate("uc_capital_income_per_step") }} as capital_income_per_step_gbp
        from figures_of_months
        group by month
    )

select
    months_laid_out.month,
    months_laid_out.assumed_yardsticks = 1 as is_yardstick_assumed,
    cast(months_laid_out.essentials_single_gbp as decimal(18, 2)) as essentials_single_gbp,
    cast(months_laid_out.essentials_couple_gbp as decimal(18, 2)) as essentials_couple_gbp,
    cast(months_laid_out.food_single_gbp as decimal(18, 2)) as food_single_gbp,
    cast(months_laid_out.food_couple_gbp as decimal(18, 2)) as food_couple_gbp,
    -- Each child against the adults whose figure is printed: one, or one and a further one.
    cast(weights.child_weight as decimal(9, 6)) as child_share_single,
    cast(
        weights.child_weight / (1 + weights.further_adult_weight) as decimal(9, 6)
    ) as child_share_couple,
    cast(months_laid_out.energy_gbp as decimal(18, 2)) as energy_gbp,
    cast(months_laid_out.water_gbp as decimal(18, 2)) as water_gbp,
    cast(months_laid_out.floor_share as decimal(9, 4)) as floor_share,
    cast(months_laid_out.struggling_below_gbp as decimal(18, 2)) as struggling_below_gbp,
    cast(months_laid_out.fuel_stress_share as decimal(9, 4)) as fuel_stress_share,
    cast(months_laid_out.water_share_lower as decimal(9, 4)) as water_share_lower,
    cast(months_laid_out.water_share_higher as decimal(9, 4)) as water_share_higher,
    cast(months_laid_out.look_back_months as integer) as look_back_months,
    cast(months_laid_out.arrears_repayment_months as integer) as arrears_repayment_months,
    cast(months_laid_out.child_benefit_eldest_gbp as decimal(18, 2)) as child_benefit_eldest_gbp,
    cast(months_laid_out.child_benefit_other_gbp as decimal(18, 2)) as child_benefit_other_gbp,
    cast(months_laid_out.guarantee_single_gbp as decimal(18, 2)) as guarantee_single_gbp,
    cast(months_laid_out.guarantee_couple_gbp as decimal(18, 2)) as guarantee_couple_gbp,
    cast(months_laid_out.capital_disregarded_gbp as decimal(18, 2)) as capital_disregarded_gbp,
    cast(months_laid_out.capital_step_gbp as decimal(18, 2)) as capital_step_gbp,
    cast(
        months_laid_out.capital_income_per_step_gbp as decimal(18, 2)
    ) as capital_income_per_step_gbp
from months_laid_out
cross join weights
