-- The driver's own row goes with the move's, and the move's pounds are those of the two months.
with

    moves as (select * from {{ ref("fct_shortfall_moves") }}),

    drivers as (select * from {{ ref("fct_shortfall_drivers") }}),

    living_standards as (
        select household_key, month, margin_gbp, earnings_gbp from {{ ref("fct_living_standards") }}
    ),

    changes as (
        select
            moves.household_key,
            moves.month,
            moves.margin_change_gbp
            - (later.margin_gbp - earlier.margin_gbp) as margin_difference_gbp,
            moves.earnings_change_gbp
            - (later.earnings_gbp - earlier.earnings_gbp) as earnings_difference_gbp
        from moves
        inner join
            living_standards as later
            on moves.household_key = later.household_key
            and moves.month = later.month
        inner join
            living_standards as earlier
            on moves.household_key = earlier.household_key
            and earlier.month = moves.month - interval '1 month'
    )

select
    coalesce(moves.household_key, drivers.household_key) as household_key,
    coalesce(moves.month, drivers.month) as month
from moves
full outer join
    drivers on moves.household_key = drivers.household_key and moves.month = drivers.month
left join changes on moves.household_key = changes.household_key and moves.month = changes.month
where
    moves.movement is distinct from drivers.movement
    or moves.lsoa_code is distinct from drivers.lsoa_code
    or not coalesce(
        changes.margin_difference_gbp = 0 and changes.earnings_difference_gbp = 0, false
    )
