{{ config(materialized="view") }}

with

    units as (select * from {{ ref("int_entitlement_units") }}),

    unit_people as (select * from {{ ref("int_entitlement__unit_people") }}),

    -- Everybody of the home who is not of the unit that is liable.
    others as (
        select
            unit_people.home_number,
            sum(unit_people.adult_count + unit_people.other_count) as grown_up_count,
            sum(unit_people.grown_up_without_care_count) as grown_up_without_care_count,
            sum(unit_people.youth_count) as youth_count,
            sum(unit_people.older_boy_count) as older_boy_count,
            sum(unit_people.older_girl_count) as older_girl_count,
            sum(unit_people.younger_boy_count) as younger_boy_count,
            sum(unit_people.younger_girl_count) as younger_girl_count
        from unit_people
        inner join units on unit_people.unit_number = units.unit_number
        where not units.is_liable
        group by unit_people.home_number
    ),

    people as (
        select
            units.unit_number,
            units.home_number,
            units.period_key,
            unit_people.adult_count,
            unit_people.child_count,
            unit_people.oldest_adult_age,
            unit_people.adult_with_daily_living_benefit_count,
            unit_people.other_count + coalesce(others.grown_up_count, 0) as non_dependant_count,
            unit_people.other_without_care_count
            + coalesce(others.grown_up_without_care_count, 0) as grown_up_without_care_count,
            unit_people.youth_count + coalesce(others.youth_count, 0) as youth_count,
            unit_people.older_boy_count + coalesce(others.older_boy_count, 0) as older_boy_count,
            unit_people.older_girl_count + coalesce(others.older_girl_count, 0) as older_girl_count,
            unit_people.younger_boy_count
            + coalesce(others.younger_boy_count, 0) as younger_boy_count,
            unit_people.younger_girl_count
            + coalesce(others.younger_girl_count, 0) as younger_girl_count
        from units
        inner join unit_people on units.unit_number = unit_people.unit_number
        left join others on units.home_number = others.home_number
        where units.is_liable
    )

select
    *,
    cast(
        1
        + youth_count
        + ceil(older_boy_count / 2)
        + ceil(older_girl_count / 2)
        + ceil(
            greatest(
                younger_boy_count
                + younger_girl_count
                -- An older child without a partner for the room takes in a younger of its sex.
                - least(older_boy_count % 2, younger_boy_count)
                - least(older_girl_count % 2, younger_girl_count),
                0
            )
            / 2
        )
        + non_dependant_count as integer
    ) as room_count
from people
