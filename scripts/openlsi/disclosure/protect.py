"""Which cells must be hidden at first sight: small ones and dominated ones."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from openlsi.disclosure.kinds import Count, Key, Label, Official, Pounds
from openlsi.disclosure.rules import Rules
from openlsi.disclosure.secondary import hide_more
from openlsi.disclosure.spec import Specs, TableSpec
from openlsi.disclosure.wording import (
    APPLIES,
    hidden,
    literal,
    own,
    quoted,
    worded,
    working_table,
)


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
    if rules.hides:
        hide_more(con, specs, rules)


def _first_look(spec: TableSpec, rules: Rules, owner: str | None) -> str:
    chosen: list[str] = []
    for column in spec.columns:
        chosen.extend(_exact_columns(spec, column, rules))
    if spec.applies:
        chosen.append(f"coalesce({quoted(spec.applies)}, true) as {APPLIES}")
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
        conditions = f"{_is_small(spec, column, rules)} or {_tells_of_all(spec, column, rules)}"
        yield f"coalesce({conditions}, false) as {own(column.name)}"
        yield f"{own(column.name)} as {hidden(column.name)}"
    elif isinstance(column, Pounds):
        yield f"{quoted(column.source)} as {quoted(column.name)}"
        yield f"coalesce({_is_dominated(spec, column, rules)}, true) as {own(column.name)}"
        yield f"{own(column.name)} as {hidden(column.name)}"


def _is_small(spec: TableSpec, column: Count, rules: Rules) -> str:
    source = quoted(column.source)
    small = _under(source, rules)
    if not column.subset_of:
        return small
    whole = quoted(spec.column(column.subset_of).source)
    return f"{small} or {_under(f'{whole} - {source}', rules)}"


def _tells_of_all(spec: TableSpec, column: Count, rules: Rules) -> str:
    """Say that none or all of a small group are meant, which tells of each one in it."""
    if not column.subset_of or not rules.hides:
        return "false"
    part, whole = quoted(column.source), quoted(spec.column(column.subset_of).source)
    shown = f"round({whole} / {rules.count_base}) * {rules.count_base}"
    return f"({whole} > 0 and {shown} < {rules.small_base} and ({part} = 0 or {part} = {whole}))"


def _under(value: str, rules: Rules) -> str:
    """Say that a count is too small to show; one below nought is a fault, and no reason to show."""
    return f"({value} <> 0 and {value} < {rules.threshold})"


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
        # Where nobody says how large the largest is, it may be all of it.
        conditions.append(f"2 * coalesce({quoted(column.largest)}, {whole}) > {whole}")
    joined = " or ".join(f"({condition})" for condition in conditions)
    return f"case when {quoted(column.source)} is null then false else {joined} end"
