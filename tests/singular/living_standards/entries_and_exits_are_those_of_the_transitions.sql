-- Two ways to the same number: runs of months beside pairs of months.
with

    moves as (
        select
            district_code,
            month,
            sum(case when movement = 'entry' then 1 else 0 end) as entry_count,
            sum(case when movement = 'exit' then 1 else 0 end) as exit_count
        from {{ ref("fct_shortfall_moves") }}
        group by district_code, month
    ),

    transitions as (
        select
            district_code,
            month,
            sum(
                case
                    when
                        class_before in ('struggling', 'coping')
                        and living_standards_class in ('in_crisis', 'at_risk')
                    then household_count
                    else 0
                end
            ) as entry_count,
            sum(
                case
                    when
                        class_before in ('in_crisis', 'at_risk')
                        and living_standards_class in ('struggling', 'coping')
                    then household_count
                    else 0
                end
            ) as exit_count
        from {{ ref("fct_living_standards_transitions") }}
        where span_months = 1
        group by district_code, month
    )

select
    coalesce(moves.district_code, transitions.district_code) as district_code,
    coalesce(moves.month, transitions.month) as month
from moves
full outer join
    transitions
    on moves.district_code = transitions.district_code
    and moves.month = transitions.month
where
    coalesce(moves.entry_count, 0) <> coalesce(transitions.entry_count, 0)
    or coalesce(moves.exit_count, 0) <> coalesce(transitions.exit_count, 0)
