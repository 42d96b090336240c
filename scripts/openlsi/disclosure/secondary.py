"""Which further cells must be hidden, since they would give the hidden ones away."""

from __future__ import annotations

import duckdb

from openlsi.disclosure.rules import OPEN_VALUES, Rules
from openlsi.disclosure.spec import (
    AddsTo,
    DisclosureError,
    Pounds,
    RowSum,
    RunsUp,
    ShownWith,
    Specs,
    TableSpec,
)
from openlsi.disclosure.wording import hidden, matched, quoted, working_table


def hide_more(con: duckdb.DuckDBPyConnection, spec: TableSpec, specs: Specs, rules: Rules) -> int:
    """Hide what the cells hidden so far would give away; return how many cells that were."""
    added = 0
    for column in spec.columns:
        if not isinstance(column, Pounds):
            continue
        if column.count:
            added += _update(con, spec.table, column.name, hidden(column.count))
        if column.shown_with and column.shown_with.table in specs:
            added += _hide_with(con, spec, column.name, column.shown_with)
        if column.runs_up:
            added += _hide_running_total(con, spec, column.name, column.runs_up)
    for row_sum in spec.row_sums:
        added += _hide_in_row(con, spec, row_sum, rules)
    for addition in spec.adds_to:
        if addition.table in specs:
            for name in addition.columns:
                if not _is_any_hidden(con, (spec.table, addition.table), name):
                    continue
                added += _hide_second_part(con, spec, addition, name, rules)
                if spec.column(name).kind == "count":
                    added += _hide_telling_nought(con, spec, addition, name)
    return added


def _hide_with(con: duckdb.DuckDBPyConnection, spec: TableSpec, name: str, other: ShownWith) -> int:
    return _update(
        con,
        spec.table,
        name,
        f"exists (select 1 from {working_table(other.table)} as other "
        f"where {matched('other', working_table(spec.table), other.match)} "
        f"and other.{hidden(other.column)})",
    )


def _hide_running_total(
    con: duckdb.DuckDBPyConnection, spec: TableSpec, name: str, runs_up: RunsUp
) -> int:
    """Hide a year to date from its first hidden month on.

    Two of them would tell the month between them. No second part is needed: wherever a month is
    hidden, so is another part of its total, and both running totals follow.
    """
    table = working_table(spec.table)
    same = {key: key for key in spec.keys if key != runs_up.over}
    month, this = f"earlier.{quoted(runs_up.over)}", f"{table}.{quoted(runs_up.over)}"
    back = f"interval {runs_up.from_month - 1} month"
    return _update(
        con,
        spec.table,
        name,
        f"{quoted(name)} is not null and exists (select 1 from {table} as earlier "
        f"where {matched('earlier', table, same)} and {month} <= {this} "
        f"and year({month} - {back}) = year({this} - {back}) and earlier.{hidden(runs_up.of)})",
    )


def _hide_in_row(
    con: duckdb.DuckDBPyConnection, spec: TableSpec, row_sum: RowSum, rules: Rules
) -> int:
    """Where exactly one of a row's total and its parts is hidden, hide the smallest other part.

    Pounds within one rounding step are lost in the rounding of the others already.
    """
    cells = [row_sum.total, *row_sum.parts]
    is_money = spec.column(row_sum.total).kind == "pounds"
    flags = " + ".join(f"cast({hidden(name)} as integer)" for name in cells)
    lone = " ".join(f"when {hidden(name)} then abs({quoted(name)})" for name in cells)
    bared = f"{flags} = 1 and case {lone} end > {rules.pounds_base if is_money else 0}"
    sizes = {
        name: f"case when not {hidden(name)} then abs({quoted(name)}) end" for name in row_sum.parts
    }
    smallest = f"least({', '.join(sizes.values())})"
    chosen = {
        name: f"coalesce({bared} and {size} = {smallest}, false)" for name, size in sizes.items()
    }
    told = con.execute(
        f"update {working_table(spec.table)} set "
        + ", ".join(f"{hidden(name)} = {hidden(name)} or {is_it}" for name, is_it in chosen.items())
        + f" where {' or '.join(chosen.values())}"
    ).fetchone()
    return _told(told, spec.table, row_sum.total)


def _hide_telling_nought(
    con: duckdb.DuckDBPyConnection, spec: TableSpec, addition: AddsTo, name: str
) -> int:
    """Hide nought where its total is hidden: it would tell where all of the few are."""
    total = f"total.{hidden(name)}"
    return _update(
        con,
        spec.table,
        name,
        f"{quoted(name)} = 0 and exists (select 1 from {working_table(addition.table)} as total "
        f"where {matched('total', working_table(spec.table), addition.match)} and {total})",
    )


def _hide_second_part(
    con: duckdb.DuckDBPyConnection, spec: TableSpec, addition: AddsTo, name: str, rules: Rules
) -> int:
    """Where what is hidden of a total and its parts could be worked out, hide the smallest other.

    The total stays, since it is a headline, unless no other part is left to hide: a hidden nought
    helps only where one cell is hidden alone.
    """
    is_count = spec.column(name).kind == "count"
    part, total = working_table(spec.table), working_table(addition.table)
    group = ", ".join(f"part.{quoted(mine)}" for mine in addition.match.values()) or "true"
    keys = ", ".join(f"part.{quoted(key)}" for key in spec.keys)
    value, is_hidden = f"part.{quoted(name)}", f"part.{hidden(name)}"
    is_tight = f"not total.{hidden(name)} and ({_tight(name, rules)})" if is_count else "false"
    ranked = (
        f"select part.rowid as part_row, total.rowid as total_row, {value} as figure, "
        f"{is_hidden} as is_hidden, "
        f"count(*) filter (where {is_hidden}) over whole "
        f"+ cast(total.{hidden(name)} as integer) as hidden_cells, "
        f"{is_tight} as is_tight, "
        f"row_number() over (whole order by {is_hidden} or {value} is null, "
        f"{value} = 0, abs({value}), {keys}) as turn "
        f"from {part} as part inner join {total} as total "
        f"on {matched('total', 'part', addition.match)} window whole as (partition by {group})"
    )
    can_hide = "not is_hidden and figure is not null and (figure <> 0 or hidden_cells = 1)"
    bared = con.execute(
        f"select {can_hide}, case when {can_hide} then part_row else total_row end from ({ranked}) "
        "where turn = 1 and (hidden_cells = 1 or is_tight)"
    ).fetchall()
    added = 0
    for is_part, table in ((True, spec.table), (False, addition.table)):
        rows = ", ".join(str(row) for chosen, row in bared if bool(chosen) == is_part)
        if rows:
            added += _update(con, table, name, f"rowid in ({rows})")
    return added


def _tight(name: str, rules: Rules) -> str:
    """Say that a shown total leaves the hidden parts together fewer than three values each.

    What is shown is known to lie within its rounding, and each hidden part to be at least 1. Where
    all hidden parts are small, a reader may take each to be under the threshold as well.
    """
    value, is_hidden = f"part.{quoted(name)}", f"part.{hidden(name)}"
    total_low, total_high = _rounding(f"total.{quoted(name)}", rules)
    part_low, part_high = _rounding(value, rules)
    shown = f"filter (where not {is_hidden} and {value} is not null) over whole"
    most = f"{total_high} - coalesce(sum({part_low}) {shown}, 0)"
    least = f"{total_low} - coalesce(sum({part_high}) {shown}, 0)"
    cells = f"count(*) filter (where {is_hidden}) over whole"
    largest = f"max({value}) filter (where {is_hidden}) over whole"
    small = rules.threshold - 1
    return (
        f"{cells} > 0 and ({most} < {cells} + {OPEN_VALUES - 1} "
        f"or ({largest} <= {small} and {least} > {small} * {cells} - {OPEN_VALUES - 1}))"
    )


def _rounding(value: str, rules: Rules) -> tuple[str, str]:
    """Return the least and the most that a shown count can be, as SQL."""
    shown = f"(round({value} / {rules.count_base}) * {rules.count_base})"
    half = rules.count_base // 2
    return (
        f"case when {value} = 0 then 0 else greatest({shown} - {half}, {rules.threshold}) end",
        f"case when {value} = 0 then 0 else {shown} + {half} end",
    )


def _is_any_hidden(con: duckdb.DuckDBPyConnection, tables: tuple[str, ...], name: str) -> bool:
    flags = " or ".join(
        f"exists (select 1 from {working_table(table)} where {hidden(name)})" for table in tables
    )
    return bool((con.execute(f"select {flags}").fetchone() or (False,))[0])


def _update(con: duckdb.DuckDBPyConnection, table: str, name: str, condition: str) -> int:
    row = con.execute(
        f"update {working_table(table)} set {hidden(name)} = true "
        f"where not {hidden(name)} and {condition}"
    ).fetchone()
    return _told(row, table, name)


def _told(row: tuple[object, ...] | None, table: str, name: str) -> int:
    if row is None:
        raise DisclosureError(f"{table}.{name}: the database did not say what it hid")
    return int(str(row[0]))
