"""Attack the published tables with nothing but themselves, as somebody who means harm would."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from openlsi.disclosure.columns import is_count
from openlsi.disclosure.findings import Finding, shown_key
from openlsi.disclosure.inference import worked_out
from openlsi.disclosure.kinds import Average, Change, Difference, Rate
from openlsi.disclosure.rules import Rules
from openlsi.disclosure.spec import Specs, TableSpec, is_marked
from openlsi.disclosure.wording import mark, matched, quoted


def audit(con: duckdb.DuckDBPyConnection, specs: Specs, rules: Rules) -> list[Finding]:
    """Return every weakness found in schema `published`: unsafe figures, lone and narrow cells.

    Reads only the published tables. Official and information tables are outside the attack.
    """
    if not rules.hides:
        return []
    controlled = {name: spec for name, spec in specs.items() if spec.status == "controlled"}
    findings = [
        finding
        for spec in controlled.values()
        for finding in (
            *_unsafe_figures(con, spec, rules),
            *_bared_by_derived(con, spec, specs),
            *_of_all_of_few(con, spec, specs, rules),
            *_not_from_what_is_shown(con, spec, rules),
        )
    ]
    return findings + worked_out(con, controlled, rules)


def _unsafe_figures(
    con: duckdb.DuckDBPyConnection, spec: TableSpec, rules: Rules
) -> Iterator[Finding]:
    for column in spec.columns:
        value = quoted(column.name)
        if column.kind == "count":
            small = f"{value} <> 0 and {value} < {rules.threshold}"
            unsafe = f"{small} or {value} % {rules.count_base} <> 0"
        elif column.kind == "pounds":
            unsafe = f"{value} % {rules.pounds_base} <> 0"
        else:
            continue
        yield from _findings(con, spec, column.name, unsafe, "not rounded, or too small to show")
        both = f"({value} is null) <> ({mark(column.name)} is not null)"
        yield from _findings(con, spec, column.name, both, "a value and its mark disagree")
        if column.kind == "pounds" and column.count:
            bare = f"{value} is not null and {mark(column.count)} = 'c'"
            yield from _findings(con, spec, column.name, bare, "pounds without their count")


def _bared_by_derived(
    con: duckdb.DuckDBPyConnection, spec: TableSpec, specs: Specs
) -> Iterator[Finding]:
    """Find what is worked out and shown although a figure that it comes from is hidden."""
    parents = {
        "average": ("pounds", "count"),
        "rate": ("numerator", "denominator"),
        "difference": ("of", "less"),
    }
    for column in spec.columns:
        names = [getattr(column, part) for part in parents.get(column.kind, ())]
        if column.kind == "change":
            names = [column.of]
        if column.kind == "score":
            names = [*column.weights, column.total]
        for name in names:
            if is_marked(spec.column(name), specs):
                bare = f"{quoted(column.name)} is not null and {mark(name)} = 'c'"
                yield from _findings(con, spec, column.name, bare, f"shown while {name} is hidden")


def _of_all_of_few(
    con: duckdb.DuckDBPyConnection, spec: TableSpec, specs: Specs, rules: Rules
) -> Iterator[Finding]:
    """Find rates of 0 or 1 on a small base: they tell of each one in it."""
    for column in spec.columns:
        if isinstance(column, Rate) and is_count(spec.column(column.denominator), specs):
            below, rate = quoted(column.denominator), quoted(column.name)
            telling = f"{below} > 0 and {below} < {rules.small_base} and {rate} in (0, 1)"
            why = f"none or all of fewer than {rules.small_base}"
            yield from _findings(con, spec, column.name, telling, why)


def _not_from_what_is_shown(
    con: duckdb.DuckDBPyConnection, spec: TableSpec, rules: Rules
) -> Iterator[Finding]:
    """Find averages, rates and changes that are not those of the published figures beside them.

    One that is worked out from exact figures tells more about these than their rounding should.
    """
    for column in spec.columns:
        if isinstance(column, Average):
            told, step = (column.pounds, column.count), float(rules.average_base)
        elif isinstance(column, Rate):
            told, step = (column.numerator, column.denominator), 10.0**-column.decimals
        elif isinstance(column, Change):
            yield from _odd_changes(con, spec, column)
            continue
        elif isinstance(column, Difference):
            yield from _odd_differences(con, spec, column)
            continue
        else:
            continue
        above, below = told
        ratio = f"cast({quoted(above)} as double) / nullif({quoted(below)}, 0)"
        off = f"abs({quoted(column.name)} - {ratio}) > {step} * 0.500001"
        yield from _findings(con, spec, column.name, off, f"not {above} ÷ {below} as published")


def _odd_differences(
    con: duckdb.DuckDBPyConnection, spec: TableSpec, column: Difference
) -> Iterator[Finding]:
    of, less = quoted(column.of), quoted(column.less)
    difference = f"cast({of} - {less} as double)"
    if column.relative:
        difference = f"{difference} / nullif({less}, 0)"
    off = f"abs({quoted(column.name)} - {difference}) > 0.0001"
    why = f"not {column.of} less {column.less} as published"
    yield from _findings(con, spec, column.name, off, why)


def _odd_changes(
    con: duckdb.DuckDBPyConnection, spec: TableSpec, column: Change
) -> Iterator[Finding]:
    same = {key: key for key in spec.keys if key != column.over}
    now, then = f"{quoted(spec.table)}.{quoted(column.of)}", f"earlier.{quoted(column.of)}"
    change = f"cast({now} - {then} as double)"
    if column.relative:
        change = f"{change} / nullif({then}, 0)"
    as_shown = (
        f"exists (select 1 from published.{quoted(spec.table)} as earlier "
        f"where {matched('earlier', quoted(spec.table), same)} and earlier.{quoted(column.over)} = "
        f"{quoted(spec.table)}.{quoted(column.over)} - interval {column.months} month "
        f"and abs({change} - {quoted(spec.table)}.{quoted(column.name)}) < 0.0001)"
    )
    odd = f"{quoted(column.name)} is not null and not {as_shown}"
    months = "month" if column.months == 1 else "months"
    yield from _findings(
        con,
        spec,
        column.name,
        odd,
        f"not {column.of} less its value {column.months} {months} before as published",
    )


def _findings(
    con: duckdb.DuckDBPyConnection, spec: TableSpec, column: str, condition: str, why: str
) -> Iterator[Finding]:
    keys = ", ".join(quoted(key) for key in spec.keys)
    query = f"select {keys} from published.{quoted(spec.table)} where {condition} limit 20"
    for key in con.execute(query).fetchall():
        yield Finding(spec.table, column, shown_key(key), why)
