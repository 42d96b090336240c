with

    unit_people as (select * from {{ ref("int_entitlement__unit_people") }}),

    rates as (select * from {{ ref("int_entitlement_rates_other") }})

select
    unit_people.unit_number,
    case
        when unit_people.child_count > 0
        then
            (rates.child_benefit_eldest + (unit_people.child_count - 1) * rates.child_benefit_other)
            * 52
        else 0
    end as child_benefit_gbp
from unit_people
inner join rates on unit_people.period_key = rates.period_key
