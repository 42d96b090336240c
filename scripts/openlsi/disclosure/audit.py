"""Attack the published tables with nothing but themselves, as somebody who means harm would."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from openlsi.disclosure.findings import Finding, shown_key
from openlsi.disclosure.inference import worked_out
from openlsi.disclosure.rules import Rules
from openlsi.disclosure.spec import AddsTo, Average, Change, Rate, Specs, TableSpec, is_marked
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
            *_telling_noughts(con, spec, controlled),
            *_bared_by_derived(con, spec, specs),
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
    """Find averages, rates and changes shown although a figure that they come from is hidden."""
    parents = {"average": ("pounds", "count"), "rate": ("numerator", "denominator")}
    for column in spec.columns:
        names = [getattr(column, part) for part in parents.get(column.kind, ())]
        if column.kind == "change":
            names = [column.of]
        for name in names:
            if is_marked(spec.column(name), specs):
                bare = f"{quoted(column.name)} is not null and {mark(name)} = 'c'"
                yield from _findings(con, spec, column.name, bare, f"shown while {name} is hidden")


def _telling_noughts(
    con: duckdb.DuckDBPyConnection, spec: TableSpec, specs: Specs
) -> Iterator[Finding]:
    """Find noughts that tell where all of the few are, since their whole is hidden."""
    why = "nought of a hidden total"
    for column in spec.columns:
        if column.kind == "count" and column.subset_of:
            telling = f"{quoted(column.name)} = 0 and {mark(column.subset_of)} = 'c'"
            yield from _findings(con, spec, column.name, telling, why)
    for addition in spec.adds_to:
        counts = [name for name in addition.columns if spec.column(name).kind == "count"]
        for name in counts if addition.table in specs else []:
            told_anyway = " or ".join(
                _total_is(spec, other, f"total.{quoted(name)} = 0")
                for other in spec.adds_to
                if other.table in specs and name in other.columns
            )
            is_hidden = _total_is(spec, addition, f"total.{mark(name)} = 'c'")
            telling = f"{quoted(name)} = 0 and {is_hidden} and not ({told_anyway})"
            yield from _findings(con, spec, name, telling, why)


def _total_is(spec: TableSpec, addition: AddsTo, condition: str) -> str:
    return (
        f"exists (select 1 from published.{quoted(addition.table)} as total "
        f"where {matched('total', quoted(spec.table), addition.match)} and {condition})"
    )


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
        else:
            continue
        above, below = told
        ratio = f"cast({quoted(above)} as double) / nullif({quoted(below)}, 0)"
        off = f"abs({quoted(column.name)} - {ratio}) > {step} * 0.500001"
        yield from _findings(con, spec, column.name, off, f"not {above} ÷ {below} as published")


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
