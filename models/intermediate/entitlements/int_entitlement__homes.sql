with

    dwellings as (select * from {{ ref("int_entitlement_dwellings") }}),

    units as (select * from {{ ref("int_entitlement_units") }}),

    unit_people as (select * from {{ ref("int_entitlement__unit_people") }}),

    -- Adults of the home who are not of the unit that is liable.
    others as (
        select
            unit_people.home_number,
            sum(unit_people.adult_count) as non_dependant_count,
            sum(unit_people.child_count) as their_child_count
        from unit_people
        inner join units on unit_people.unit_number = units.unit_number
        where not units.is_liable
        group by unit_people.home_number
    ),

    rooms as (
        select
            units.unit_number,
            units.home_number,
            units.period_key,
            coalesce(others.non_dependant_count, 0) as non_dependant_count,
            1
            + unit_people.youth_count
            + ceil(unit_people.older_boy_count / 2)
            + ceil(unit_people.older_girl_count / 2)
            + ceil(
                greatest(
                    unit_people.younger_boy_count
                    + unit_people.younger_girl_count
                    -- An older child without a partner for the room takes in a younger of its sex.
                    - least(unit_people.older_boy_count % 2, unit_people.younger_boy_count)
                    - least(unit_people.older_girl_count % 2, unit_people.younger_girl_count),
                    0
                )
                / 2
            )
            + coalesce(others.non_dependant_count, 0) as room_count,
            unit_people.adult_count,
            unit_people.child_count,
            unit_people.oldest_adult_age,
            unit_people.adult_with_daily_living_benefit_count
        from units
        inner join unit_people on units.unit_number = unit_people.unit_number
        left join others on units.home_number = others.home_number
        where units.is_liable
    )

select
    rooms.unit_number,
    rooms.home_number,
    rooms.period_key,
    rooms.non_dependant_count,
    cast(rooms.room_count as integer) as room_count,
    dwellings.tenure,
    dwellings.bedroom_count,
    dwellings.brma_code,
    dwellings.is_in_london,
    dwellings.district_code,
    dwellings.council_tax_band,
    cast(dwellings.annual_rent_gbp as double) as annual_rent_gbp,
    cast(dwellings.annual_council_tax_gbp as double) as annual_council_tax_gbp,
    rooms.adult_count = 1
    and rooms.child_count = 0
    and rooms.non_dependant_count = 0
    and rooms.adult_with_daily_living_benefit_count = 0 as may_be_shared_rate,
    rooms.oldest_adult_age,
    rooms.adult_with_daily_living_benefit_count > 0 as is_exempt_from_deductions
from rooms
inner join dwellings on rooms.home_number = dwellings.home_number
