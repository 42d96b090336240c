"""Which further cells must be hidden, since they would give the hidden ones away."""

from __future__ import annotations

import duckdb

from openlsi.disclosure.rules import OPEN_VALUES, Rules
from openlsi.disclosure.spec import (
    AddsTo,
    Count,
    DisclosureError,
    Pounds,
    RowSum,
    RunsUp,
    ShownWith,
    Specs,
    TableSpec,
)
from openlsi.disclosure.wording import hidden, matched, own, quoted, working_table

# Two rounded figures leave their difference open by two steps, a fifth of ten; some to spare.
_STEPS_TO_A_TENTH = 8


def hide_more(con: duckdb.DuckDBPyConnection, spec: TableSpec, specs: Specs, rules: Rules) -> int:
    """Hide what the cells hidden so far would give away; return how many cells that were."""
    added = 0
    for column in spec.columns:
        if isinstance(column, Count) and column.subset_of:
            # "None of them" tells everything about a group that is itself too small.
            telling = f"{quoted(column.name)} = 0 and {hidden(column.subset_of)}"
            added += _update(con, spec.table, column.name, telling)
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
                added += _hide_second_part(con, spec, addition, name, specs, rules)
                if spec.column(name).kind == "count":
                    added += _hide_telling_nought(con, spec, addition, name, specs)
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

    Pounds within one rounding step are lost in the rounding of the others already. Larger ones that
    are hidden only for another's sake matter where that other is larger too (among the rows that
    add up with this one, or this row itself), or where rounding would leave them known to a tenth.
    """
    cells = [row_sum.total, *row_sum.parts]
    least = rules.pounds_base if spec.column(row_sum.total).kind == "pounds" else 0
    flags = " + ".join(f"cast({hidden(name)} as integer)" for name in cells)
    lone = " ".join(f"when {hidden(name)} then abs({quoted(name)})" for name in cells)
    table = working_table(spec.table)
    alike = [matched("akin", table, {key: key for key in spec.keys})]
    alike += [
        matched("akin", table, {mine: mine for mine in addition.match.values()})
        for addition in spec.adds_to
    ]
    matters = " or ".join(
        f"akin.{own(name)} and abs(akin.{quoted(name)}) > {least}" for name in cells
    )
    bared = (
        f"{flags} = 1 and case {lone} end > {least} "
        f"and (case {lone} end > {_STEPS_TO_A_TENTH * least} or exists (select 1 "
        f"from {table} as akin where ({' or '.join(alike)}) and ({matters})))"
    )
    sizes = {
        name: f"case when not {hidden(name)} then abs({quoted(name)}) end" for name in row_sum.parts
    }
    smallest = f"least({', '.join(sizes.values())})"
    chosen = {
        name: f"coalesce({bared} and {size} = {smallest}, false)" for name, size in sizes.items()
    }
    told = con.execute(
        f"update {table} set "
        + ", ".join(f"{hidden(name)} = {hidden(name)} or {is_it}" for name, is_it in chosen.items())
        + f" where {' or '.join(chosen.values())}"
    ).fetchone()
    return _told(told, spec.table, row_sum.total)


def _hide_telling_nought(
    con: duckdb.DuckDBPyConnection, spec: TableSpec, addition: AddsTo, name: str, specs: Specs
) -> int:
    """Hide nought where its total is hidden: it would tell where all of the few are.

    Where another total of it is nought and shown, so is it: hiding it would hide nothing.
    """
    is_hidden = _total_is(spec, addition, f"total.{hidden(name)}")
    telling = f"{quoted(name)} = 0 and {is_hidden} and not ({_is_told_anyway(spec, name, specs)})"
    return _update(con, spec.table, name, telling)


def _is_told_anyway(spec: TableSpec, name: str, specs: Specs) -> str:
    """Say that a total of which a cell is part is nought and shown, so that the cell is nought."""
    return " or ".join(
        _total_is(spec, addition, f"total.{quoted(name)} = 0 and not total.{hidden(name)}")
        for addition in spec.adds_to
        if addition.table in specs and name in addition.columns
    )


def _total_is(spec: TableSpec, addition: AddsTo, condition: str) -> str:
    part = working_table(spec.table)
    return (
        f"exists (select 1 from {working_table(addition.table)} as total "
        f"where {matched('total', part, addition.match)} and {condition})"
    )


def _hide_second_part(
    con: duckdb.DuckDBPyConnection,
    spec: TableSpec,
    addition: AddsTo,
    name: str,
    specs: Specs,
    rules: Rules,
) -> int:
    """Where what is hidden of a total and its parts could be worked out, hide one other part.

    That is the next by key, not the smallest: a reader who knew it to be the smallest could narrow
    it, and the same one month after month leaves fewer gaps. The total stays, since it is a
    headline, unless no other part is left to hide: a hidden nought helps only a lone hidden cell.
    """
    told_anyway = _is_told_anyway(spec, name, specs)
    part = working_table(spec.table)
    is_told = f"select rowid from {part} where {quoted(name)} = 0 and ({told_anyway})"
    can_hide = (
        "not is_hidden and figure is not null and (figure <> 0 or hidden_cells = 1) "
        f"and part_row not in ({is_told})"
    )
    in_turn = _in_turn(_parts(spec, addition, name, rules))
    bared = con.execute(
        "select can_hide, case when can_hide then part_row else total_row end "
        f"from (select *, {can_hide} as can_hide from ({in_turn}) where turn = 1)"
    ).fetchall()
    added = 0
    for is_part, table in ((True, spec.table), (False, addition.table)):
        rows = ", ".join(str(row) for chosen, row in bared if bool(chosen) == is_part)
        if rows:
            added += _update(con, table, name, f"rowid in ({rows})")
    return added


def _parts(spec: TableSpec, addition: AddsTo, name: str, rules: Rules) -> str:
    """Return a query of all parts of all totals, with what is hidden of each whole."""
    part, total = working_table(spec.table), working_table(addition.table)
    keys = ", ".join(f"part.{quoted(key)}" for key in spec.keys)
    placed = (
        f"select part.rowid as part_row, total.rowid as total_row, part.{quoted(name)} as figure, "
        f"part.{hidden(name)} as is_hidden, total.{quoted(name)} as total_figure, "
        f"total.{hidden(name)} as is_total_hidden, "
        f"row_number() over (partition by total.rowid order by {keys}) as place "
        f"from {part} as part inner join {total} as total "
        f"on {matched('total', 'part', addition.match)}"
    )
    is_tight = _tight(rules) if spec.column(name).kind == "count" else "false"
    last = "coalesce(max(place) filter (where is_hidden) over whole, 0)"
    return (
        "select *, count(*) filter (where is_hidden) over whole "
        "+ cast(is_total_hidden as integer) as hidden_cells, "
        f"not is_total_hidden and ({is_tight}) as is_tight, "
        f"place <= {last} as is_before_last, figure = 0 as is_nought "
        f"from ({placed}) window whole as (partition by total_row)"
    )


def _in_turn(ranked: str) -> str:
    return (
        "select *, row_number() over (partition by total_row "
        "order by is_hidden or figure is null, is_nought, is_before_last, place) as turn "
        f"from ({ranked}) where hidden_cells = 1 or is_tight"
    )


def _tight(rules: Rules) -> str:
    """Say that a shown total leaves the hidden parts together fewer than three values each.

    What is shown is known to lie within its rounding, and each hidden part to be at least 1. Three
    and more are hidden for being small, so that a reader takes each to be under the threshold.
    """
    total_low, total_high = _rounding("total_figure", rules)
    part_low, part_high = _rounding("figure", rules)
    shown = "filter (where not is_hidden and figure is not null) over whole"
    most = f"{total_high} - coalesce(sum({part_low}) {shown}, 0)"
    least = f"{total_low} - coalesce(sum({part_high}) {shown}, 0)"
    cells = "count(*) filter (where is_hidden) over whole"
    largest = "max(figure) filter (where is_hidden) over whole"
    small = rules.threshold - 1
    return (
        f"{cells} > 0 and ({most} < {cells} + {OPEN_VALUES - 1} or ({cells} > 2 "
        f"and {largest} <= {small} and {least} > {small} * {cells} - {OPEN_VALUES - 1}))"
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
