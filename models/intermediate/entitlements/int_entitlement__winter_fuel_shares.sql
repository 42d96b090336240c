with

    people as (select * from {{ ref("int_entitlement_people") }}),

    rates as (select * from {{ ref("int_entitlement_rates_other") }}),

    pensioners as (
        select
            people.person_number,
            people.unit_number,
            people.home_number,
            people.age_years >= rates.winter_fuel_higher_age as is_of_higher_age,
            rates.winter_fuel_lower,
            rates.winter_fuel_higher
        from people
        inner join rates on people.period_key = rates.period_key
        where people.is_of_pension_age
    ),

    homes as (
        select
            home_number,
            count(*) as pensioner_count,
            count(case when is_of_higher_age then 1 end) as higher_age_count
        from pensioners
        group by home_number
    )

-- Who shares a home with another who qualifies has half; of the higher amount, 200 of 300 where the
-- other is younger than 80.
select
    pensioners.person_number,
    pensioners.unit_number,
    pensioners.is_of_higher_age,
    pensioners.winter_fuel_lower,
    pensioners.winter_fuel_higher,
    case
        when homes.pensioner_count = 1 and pensioners.is_of_higher_age
        then pensioners.winter_fuel_higher
        when homes.pensioner_count = 1
        then pensioners.winter_fuel_lower
        when pensioners.is_of_higher_age and homes.higher_age_count > 1
        then pensioners.winter_fuel_higher / 2
        when pensioners.is_of_higher_age
        then pensioners.winter_fuel_lower
        else pensioners.winter_fuel_lower / 2
    end as shared_payment_gbp
from pensioners
inner join homes on pensioners.home_number = homes.home_number
