-- Every linked debtor whom living standards look at in the month, and nobody else, has its margin.
with

    household_debts as (select * from {{ ref("fct_household_debts") }}),

    living_standards as (select * from {{ ref("fct_living_standards") }})

select household_debts.*, living_standards.margin_gbp as living_standards_margin_gbp
from household_debts
left join
    living_standards
    on household_debts.household_key = living_standards.household_key
    and household_debts.month = living_standards.month
where
    household_debts.margin_gbp is distinct from living_standards.margin_gbp
    or household_debts.living_standards_class
    is distinct from living_standards.living_standards_class
