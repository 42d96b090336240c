"""Which cells must be hidden: small ones, dominated ones, and those that would give these away."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from openlsi.disclosure.rules import Rules
from openlsi.disclosure.spec import (
    AddsTo,
    Count,
    DisclosureError,
    Key,
    Label,
    Official,
    Pounds,
    Specs,
    TableSpec,
)
from openlsi.disclosure.wording import hidden, literal, matched, quoted, worded


def working_table(table: str) -> str:
    """Return the name of the temporary table with exact figures and hidden flags."""
    return quoted(f"protected_{table}")


def protect(
    con: duckdb.DuckDBPyConnection, specs: Specs, rules: Rules, owner: str | None = None
) -> None:
    """Make one working table a spec: exact figures, and for each whether it must be hidden.

    They hold exact figures, so they are temporary and never leave the connection.
    """
    for spec in specs.values():
        con.execute(
            f"create or replace temp table {working_table(spec.table)} as "
            + _first_look(spec, rules, owner)
        )
    # Hiding one cell can bare another, in this table or one below it, so go round until nothing
    # more has to be hidden. Cells are only ever added, so it ends.
    hid_more = rules.hides
    while hid_more:
        hid_more = sum(_hide_more(con, spec, specs) for spec in specs.values()) > 0


def _first_look(spec: TableSpec, rules: Rules, owner: str | None) -> str:
    chosen: list[str] = []
    for column in spec.columns:
        chosen.extend(_exact_columns(spec, column, rules))
    conditions = [f"{quoted(spec.where)}" if spec.where else "true"]
    if spec.present:
        conditions.append(f"{quoted(spec.present)} is not null")
    if owner and spec.owner:
        conditions.append(f"{quoted(spec.column(spec.owner).source)} = {literal(owner)}")
    return (
        f"select {', '.join(chosen)} from metrics.{quoted(spec.source)} "
        f"where {' and '.join(conditions)}"
    )


def _exact_columns(spec: TableSpec, column: object, rules: Rules) -> Iterator[str]:
    if isinstance(column, Key | Label):
        wording = worded(column.source, column.values)
        if isinstance(column, Label) and column.unless:
            before = column.unless
            wording = (
                f"case when {quoted(before.source)} then {literal(before.text)} else {wording} end"
            )
        yield f"{wording} as {quoted(column.name)}"
    elif isinstance(column, Official):
        yield f"{quoted(column.source)} as {quoted(column.name)}"
    elif isinstance(column, Count):
        yield f"{quoted(column.source)} as {quoted(column.name)}"
        yield f"coalesce({_is_small(spec, column, rules)}, false) as {hidden(column.name)}"
    elif isinstance(column, Pounds):
        yield f"{quoted(column.source)} as {quoted(column.name)}"
        yield f"coalesce({_is_dominated(spec, column, rules)}, true) as {hidden(column.name)}"


def _is_small(spec: TableSpec, column: Count, rules: Rules) -> str:
    small = f"{quoted(column.source)} between 1 and {rules.threshold - 1}"
    if not column.subset_of:
        return small
    whole = quoted(spec.column(column.subset_of).source)
    return f"{small} or {whole} - {quoted(column.source)} between 1 and {rules.threshold - 1}"


def _is_dominated(spec: TableSpec, column: Pounds, rules: Rules) -> str:
    """Say when pounds are hidden at first sight: too few contributors, or one too large."""
    if not rules.hides or not (column.count or column.largest):
        return "false"
    conditions = ["false"]
    if column.count:
        count: Count = spec.column(column.count)
        conditions.append(_is_small(spec, count, rules))
        # Pounds on nobody are either nought or a fault; a fault is no reason to show them.
        conditions.append(f"{quoted(count.source)} = 0 and {quoted(column.source)} <> 0")
    if column.largest:
        whole = quoted(column.gross) if column.gross else f"abs({quoted(column.source)})"
        conditions.append(f"2 * coalesce({quoted(column.largest)}, 0) > {whole}")
    joined = " or ".join(f"({condition})" for condition in conditions)
    return f"case when {quoted(column.source)} is null then false else {joined} end"


def _hide_more(con: duckdb.DuckDBPyConnection, spec: TableSpec, specs: Specs) -> int:
    """Hide what the cells hidden so far would give away; return how many cells that were."""
    added = 0
    for column in spec.columns:
        if not isinstance(column, Pounds):
            continue
        if column.count:
            added += _update(con, spec.table, column.name, hidden(column.count))
        if column.shown_with and column.shown_with.table in specs:
            other = column.shown_with
            added += _update(
                con,
                spec.table,
                column.name,
                f"exists (select 1 from {working_table(other.table)} as other "
                f"where {matched('other', working_table(spec.table), other.match)} "
                f"and other.{hidden(other.column)})",
            )
    for addition in spec.adds_to:
        if addition.table in specs:
            for name in addition.columns:
                added += _hide_second_part(con, spec, addition, name)
    return added


def _hide_second_part(
    con: duckdb.DuckDBPyConnection, spec: TableSpec, addition: AddsTo, name: str
) -> int:
    """Where exactly one of a total and its parts is hidden, hide the smallest other part.

    The total stays, since it is a headline; nought goes last, since a hidden nought helps least.
    Where there is no other part, the total and the part are one figure and both are hidden.
    """
    group = ", ".join(quoted(mine) for mine in addition.match.values()) or "true"
    keys = ", ".join(quoted(key) for key in spec.keys)
    ranked = (
        "select part.*, part.rowid as part_row, total.rowid as total_row, "
        f"count(*) filter (where part.{hidden(name)}) over whole "
        f"+ cast(total.{hidden(name)} as integer) as hidden_cells, "
        f"row_number() over (whole order by part.{hidden(name)} or part.{quoted(name)} is null, "
        f"part.{quoted(name)} = 0, abs(part.{quoted(name)}), {_of('part', keys)}) as turn "
        f"from {working_table(spec.table)} as part "
        f"inner join {working_table(addition.table)} as total "
        f"on {matched('total', 'part', addition.match)} "
        f"window whole as (partition by {_of('part', group)})"
    )
    lone = f"from ({ranked}) where hidden_cells = 1 and turn = 1"
    can_hide = f"not {hidden(name)} and {quoted(name)} is not null"
    added = 0
    parts = _rows(con, f"select part_row {lone} and {can_hide}")
    totals = _rows(con, f"select total_row {lone} and not ({can_hide})")
    if parts:
        added += _update(con, spec.table, name, f"rowid in ({parts})")
    if totals:
        added += _update(con, addition.table, name, f"rowid in ({totals})")
    return added


def _of(alias: str, names: str) -> str:
    return ", ".join(name if name == "true" else f"{alias}.{name}" for name in names.split(", "))


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> str:
    return ", ".join(str(row) for (row,) in con.execute(query).fetchall())


def _update(con: duckdb.DuckDBPyConnection, table: str, name: str, condition: str) -> int:
    row = con.execute(
        f"update {working_table(table)} set {hidden(name)} = true "
        f"where not {hidden(name)} and {condition}"
    ).fetchone()
    if row is None:
        raise DisclosureError(f"{table}.{name}: the database did not say what it hid")
    return int(row[0])
