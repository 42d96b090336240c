with

    people as (select * from {{ ref("int_entitlement_people") }}),

    incomes as (select * from {{ ref("int_entitlement_incomes") }}),

    treatments as (select * from {{ ref("entitlement_incomes") }}),

    rates as (select * from {{ ref("int_entitlement_rates_disability") }}),

    people_who_care as (
        select people.unit_number, people.person_number, people.person_key, people.has_lcwra
        from people
        inner join rates on people.period_key = rates.period_key
        where people.role <> 'child' and people.weekly_care_hours >= rates.carers_allowance_hours
    ),

    earnings as (
        select incomes.person_number, sum(incomes.annual_gbp) as earnings_gbp
        from incomes
        inner join people_who_care on incomes.person_number = people_who_care.person_number
        inner join treatments on incomes.income_kind = treatments.income_kind
        where treatments.is_earnings
        group by incomes.person_number
    )

-- Nothing says for whom they care; for one person one of two partners is paid: who has no element
-- for health already, then who earns less.
select
    people_who_care.unit_number,
    min_by(
        people_who_care.person_number,
        (
            people_who_care.has_lcwra,
            coalesce(earnings.earnings_gbp, 0),
            people_who_care.person_key,
            people_who_care.person_number
        )
    ) as person_number
from people_who_care
left join earnings on people_who_care.person_number = earnings.person_number
group by people_who_care.unit_number
