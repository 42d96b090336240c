"""What a decision does to living-standards classes, where the generation has them.

The change of the award goes into the household's own month: council tax net of support is among its
priority costs (DEFINITIONS 16). Columns and parameters are those of `fct_living_standards`.
"""

from __future__ import annotations

import duckdb

CLASSES = ("in_crisis", "at_risk", "struggling", "coping", "unknown")


def make_classes(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `metrics.scheme_option_class`: households an option, class today and class then."""
    connection.execute("""
        create or replace table metrics.scheme_option_class as
        with parameters as (
            select
                periods.period_key,
                max(value) filter (parameter_code = 'essentials_floor_share') as floor_share,
                max(value) filter (parameter_code = 'struggling_below_gbp') as struggling_gbp
            from living_standards_parameters as told
            inner join int_entitlement_periods as periods
                on periods.age_reference_date between told.valid_from and told.valid_to
            group by periods.period_key
        ),
        moved as (
            select
                compared.option_key,
                living.living_standards_class as class_today,
                living.take_home_gbp
                - living.priority_costs_gbp
                + compared.change_gbp / 12 as after_priority_gbp,
                living.essentials_gbp,
                parameters.floor_share,
                parameters.struggling_gbp
            from compared
            inner join living_standards as living using (unit_number)
            inner join parameters on living.month = parameters.period_key
            where compared.is_compared and compared.option_key <> 'do_nothing'
        )
        select
            option_key,
            class_today,
            case
                -- What could not be told without the change cannot be told with it.
                when
                    class_today = 'unknown'
                    or after_priority_gbp is null
                    or essentials_gbp is null
                then 'unknown'
                when after_priority_gbp < floor_share * essentials_gbp then 'in_crisis'
                when after_priority_gbp < essentials_gbp then 'at_risk'
                when after_priority_gbp < essentials_gbp + struggling_gbp then 'struggling'
                else 'coping'
            end as class_then,
            count(*) as household_count
        from moved
        group by all
    """)
    _widen(connection)


def _widen(connection: duckdb.DuckDBPyConnection) -> None:
    """A row an option with a column a class, so that disclosure control sees what adds up."""
    columns = ", ".join(
        f"coalesce(sum(household_count) filter (class_{when} = '{name}'), 0) as {when}_{name}_count"
        for when in ("today", "then")
        for name in CLASSES
    )
    connection.execute(f"""
        create or replace table metrics.scheme_option_class_wide as
        select
            option_key,
            sum(household_count) as today_count,
            sum(household_count) as then_count,
            {columns}
        from metrics.scheme_option_class
        group by option_key
    """)
