"""Attack the published tables with nothing but themselves, as somebody who means harm would."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import Any

import duckdb

from openlsi.disclosure.rules import Rules
from openlsi.disclosure.spec import AddsTo, Specs, TableSpec, is_marked
from openlsi.disclosure.wording import mark, matched, quoted

Cell = tuple[str, str, tuple[Any, ...]]

# A hidden count must stay open to at least this many values; hidden pounds to one rounding step.
_OPEN_VALUES = 3


@dataclass(frozen=True)
class Finding:
    """A published cell that is unsafe, or a hidden one that can be worked out."""

    table: str
    column: str
    key: str
    why: str


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
        for finding in (*_unsafe_figures(con, spec, rules), *_bared_by_derived(con, spec, specs))
    ]
    return findings + _worked_out(con, controlled, rules)


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


def _findings(
    con: duckdb.DuckDBPyConnection, spec: TableSpec, column: str, condition: str, why: str
) -> Iterator[Finding]:
    keys = ", ".join(quoted(key) for key in spec.keys)
    query = f"select {keys} from published.{quoted(spec.table)} where {condition} limit 20"
    for key in con.execute(query).fetchall():
        yield Finding(spec.table, column, _shown_key(key), why)


@dataclass
class _Sum:
    """One total and its parts, with what an attacker knows of each at the start."""

    total: Cell
    parts: list[Cell]


def _worked_out(con: duckdb.DuckDBPyConnection, specs: Specs, rules: Rules) -> list[Finding]:
    """Tighten the bounds of hidden cells over all sums, then judge how wide they still are."""
    known: dict[Cell, tuple[float, float]] = {}
    concealed: set[Cell] = set()
    sums: list[_Sum] = []
    for spec in specs.values():
        for addition in spec.adds_to:
            if addition.table in specs:
                for name in addition.columns:
                    sums += _sums(con, spec, addition, name, specs, rules, known, concealed)
    findings = []
    for one in sums:
        lone = [cell for cell in (one.total, *one.parts) if cell in concealed]
        if len(lone) == 1:
            findings.append(_finding(lone[0], "the only hidden cell of a total and its parts"))
    _tighten(sums, known)
    for cell in sorted(concealed, key=str):
        low, high = known[cell]
        if high - low < _least_width(specs[cell[0]], cell[1], rules):
            findings.append(
                _finding(cell, f"can be worked out to lie between {low:g} and {high:g}")
            )
    return findings


def _sums(
    con: duckdb.DuckDBPyConnection,
    spec: TableSpec,
    addition: AddsTo,
    name: str,
    specs: Specs,
    rules: Rules,
    known: dict[Cell, tuple[float, float]],
    concealed: set[Cell],
) -> list[_Sum]:
    """Read the sums of one column that hold at least one hidden cell."""
    part_keys = ", ".join(f"part.{quoted(key)}" for key in spec.keys)
    total_keys = ", ".join(f"total.{quoted(key)}" for key in specs[addition.table].keys)
    group = ", ".join(quoted(mine) for mine in addition.match.values()) or "true"
    query = (
        f"select [{_as_text(total_keys)}], total.{quoted(name)}, total.{mark(name)}, "
        f"[{_as_text(part_keys)}], part.{quoted(name)}, part.{mark(name)} "
        f"from published.{quoted(spec.table)} as part "
        f"inner join published.{quoted(addition.table)} as total "
        f"on {matched('total', 'part', addition.match)} "
        f"qualify bool_or(part.{mark(name)} = 'c' or total.{mark(name)} = 'c') "
        f"over (partition by {group if group == 'true' else _prefixed('part', group)}) order by all"
    )
    kind = spec.column(name).kind
    found: dict[Cell, _Sum] = {}
    for total_key, total, total_mark, part_key, part, part_mark in con.execute(query).fetchall():
        whole: Cell = (addition.table, name, tuple(total_key))
        piece: Cell = (spec.table, name, tuple(part_key))
        for cell, value, its_mark in ((whole, total, total_mark), (piece, part, part_mark)):
            known[cell] = _bounds(kind, value, its_mark, rules)
            if its_mark == "c":
                concealed.add(cell)
        found.setdefault(whole, _Sum(whole, [])).parts.append(piece)
    return list(found.values())


def _bounds(
    kind: str, value: float | None, its_mark: str | None, rules: Rules
) -> tuple[float, float]:
    if its_mark == "c":
        # Whether small or hidden for another's sake cannot be told from outside.
        return (0, inf) if kind == "count" else (-inf, inf)
    if value is None or (value == 0 and kind == "count"):
        return (0, 0)
    base = rules.count_base if kind == "count" else rules.pounds_base
    half = base // 2 if kind == "count" else base / 2
    low = value - half
    return (max(low, rules.threshold) if kind == "count" else low, value + half)


def _tighten(sums: list[_Sum], known: dict[Cell, tuple[float, float]]) -> None:
    """Narrow each cell to what the rest of its sums leaves open, until a round changes nothing."""
    moved = True
    while moved:
        moved = False
        for one in sums:
            low = sum(known[part][0] for part in one.parts)
            high = sum(known[part][1] for part in one.parts)
            moved |= _narrow(known, one.total, low, high)
            total_low, total_high = known[one.total]
            for part in one.parts:
                others_low = sum(known[other][0] for other in one.parts if other != part)
                others_high = sum(known[other][1] for other in one.parts if other != part)
                moved |= _narrow(known, part, total_low - others_high, total_high - others_low)


def _narrow(known: dict[Cell, tuple[float, float]], cell: Cell, low: float, high: float) -> bool:
    before = known[cell]
    known[cell] = (max(before[0], low), min(before[1], high))
    return known[cell] != before


def _least_width(spec: TableSpec, column: str, rules: Rules) -> float:
    return _OPEN_VALUES - 1 if spec.column(column).kind == "count" else rules.pounds_base


def _finding(cell: Cell, why: str) -> Finding:
    return Finding(cell[0], cell[1], _shown_key(cell[2]), why)


def _shown_key(key: tuple[Any, ...]) -> str:
    return ", ".join(str(part) for part in key)


def _as_text(names: str) -> str:
    return ", ".join(f"cast({name} as varchar)" for name in names.split(", "))


def _prefixed(alias: str, names: str) -> str:
    return ", ".join(f"{alias}.{name}" for name in names.split(", "))
