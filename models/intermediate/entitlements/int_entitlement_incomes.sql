with

    units as (select * from {{ ref("int_entitlement_units") }}),

    people as (select * from {{ ref("int_entitlement_people") }}),

    incomes as (select * from {{ ref("int_housing_benefit__income_months") }})

-- An income of the household is counted with the claimant's.
select
    people.person_number,
    incomes.income_kind,
    cast(sum(incomes.weekly_income_gbp) * 52 as decimal(18, 2)) as annual_gbp
from incomes
inner join
    units
    on incomes.district_code = units.district_code
    and incomes.household_key = units.household_key
    and incomes.month = units.period_key
inner join
    people
    on units.unit_number = people.unit_number
    and people.person_key
    = case when incomes.person_role = 'partner' then 'partner' else 'claimant' end
group by people.person_number, incomes.income_kind
