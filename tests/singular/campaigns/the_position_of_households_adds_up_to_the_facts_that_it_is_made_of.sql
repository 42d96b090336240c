-- Households, and the pounds of debts, of each district's last month: none lost, none twice.
with

    positions as (select * from {{ ref("fct_household_position") }}),

    living_standards as (select * from {{ ref("fct_living_standards") }}),

    household_debts as (select * from {{ ref("fct_household_debts") }}),

    last_months as (
        select district_code, max(month) as month from living_standards group by district_code
    ),

    expected as (
        select
            living_standards.district_code,
            count(*) as household_count,
            sum(living_standards.margin_gbp) as margin_gbp,
            sum(living_standards.earnings_gbp) as earnings_gbp
        from living_standards
        inner join
            last_months
            on living_standards.district_code = last_months.district_code
            and living_standards.month = last_months.month
        group by living_standards.district_code
    ),

    expected_debts as (
        select living_standards.district_code, sum(household_debts.owed_gbp) as owed_gbp
        from living_standards
        inner join
            last_months
            on living_standards.district_code = last_months.district_code
            and living_standards.month = last_months.month
        inner join
            household_debts
            on living_standards.household_key = household_debts.household_key
            and living_standards.month = household_debts.month
        group by living_standards.district_code
    ),

    told as (
        select
            district_code,
            count(*) as household_count,
            sum(margin_gbp) as margin_gbp,
            sum(earnings_gbp) as earnings_gbp,
            sum(council_tax_overdue_gbp + rent_arrears_gbp) as owed_gbp
        from positions
        group by district_code
    )

select expected.district_code
from expected
left join told on expected.district_code = told.district_code
left join expected_debts on expected.district_code = expected_debts.district_code
where
    told.household_count is distinct from expected.household_count
    or told.margin_gbp is distinct from expected.margin_gbp
    or told.earnings_gbp is distinct from expected.earnings_gbp
    or told.owed_gbp is distinct from coalesce(expected_debts.owed_gbp, 0)
