{{ config(materialized="view") }}

with

    periods as (select * from {{ ref("int_uc__periods") }}),

    month_figures as (select * from {{ ref("int_living_standards__month_figures") }}),

    parameters as (select * from {{ ref("living_standards_parameters") }}),

    deduction_caps as (
        select valid_from, valid_to, value as cap_share
        from parameters
        where parameter_code = 'uc_deductions_cap_share'
    ),

    -- The award says what is taken for income other than earnings; what capital is taken to yield
    -- (SI 2013/376 reg 72) is in it, is no income, and is taken out again.
    periods_in_payment as (
        select
            periods.*,
            case
                when periods.capital_gbp > month_figures.capital_disregarded_gbp
                then
                    ceil(
                        (periods.capital_gbp - month_figures.capital_disregarded_gbp)
                        / month_figures.capital_step_gbp
                    )
                    * month_figures.capital_income_per_step_gbp
                else 0
            end as tariff_income_gbp,
            deduction_caps.cap_share * periods.standard_allowance_gbp as deductions_cap_gbp
        from periods
        inner join month_figures on periods.month = month_figures.month
        left join
            deduction_caps
            on periods.period_start between deduction_caps.valid_from and deduction_caps.valid_to
        where periods.household_key is not null and periods.award_gbp > 0
    )

-- Two claims of one unit in a month would be one household's income.
select
    household_key,
    month,
    max(district_code) as district_code,
    max(lsoa_code) as lsoa_code,
    max(period_start) as period_start,
    max(case when has_partner then 1 else 0 end) = 1 as has_partner,
    max(child_count) as child_count,
    sum(earnings_gbp) as earnings_gbp,
    sum(net_award_gbp) as net_award_gbp,
    sum(
        case
            when other_income_deduction_gbp < tariff_income_gbp
            then 0
            else other_income_deduction_gbp - tariff_income_gbp
        end
    ) as unearned_income_gbp,
    sum(housing_element_gbp) as housing_element_gbp,
    max(case when benefit_cap_reduction_gbp > 0 then 1 else 0 end) = 1 as is_benefit_capped,
    max(
        case
            when deductions_gbp > deductions_cap_gbp
            then 1
            when deductions_gbp <= deductions_cap_gbp
            then 0
        end
    )
    = 1 as is_over_deductions_cap
from periods_in_payment
group by household_key, month
