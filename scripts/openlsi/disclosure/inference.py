"""Work out hidden cells from sums, as somebody who knows the rules and sees the tables could."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import duckdb

from openlsi.disclosure.findings import Finding, shown_key
from openlsi.disclosure.rules import OPEN_VALUES, Rules
from openlsi.disclosure.spec import AddsTo, Count, Pounds, RunsUp, Specs, TableSpec
from openlsi.disclosure.wording import mark, matched, quoted

Cell = tuple[str, str, tuple[Any, ...]]

# Far more than sums four tables deep need; without it, noughts taken for ones could go on for ever.
_MOST_ROUNDS = 100
# Within one row, pounds are given away where the others leave them known to a tenth.
_A_TENTH_EITHER_WAY = 0.2


@dataclass(frozen=True)
class _Sum:
    """A total, its parts, and whether rounding alone may protect a lone hidden one of them.

    Within one row the rounding of the others can hide pounds well enough; over many rows it cannot
    be relied on, since the reader may know some of them exactly.
    """

    total: Cell
    parts: tuple[Cell, ...]
    is_within_row: bool

    @property
    def cells(self) -> tuple[Cell, ...]:
        return (self.total, *self.parts)


class _Knowledge:
    """What a reader knows of each cell: its bounds, and which are hidden."""

    def __init__(self, specs: Specs, rules: Rules) -> None:
        self._specs, self._rules = specs, rules
        self.bounds: dict[Cell, tuple[float, float]] = {}
        self.hidden: set[Cell] = set()
        self._may_be_nought: set[Cell] = set()

    def kind(self, cell: Cell) -> str:
        return str(self._specs[cell[0]].column(cell[1]).kind)

    def learn(
        self,
        cell: Cell,
        value: float | None,
        its_mark: str | None,
        may_be_nought: bool | None = False,
    ) -> None:
        """Take in a cell; nought is hidden too where what it is part of is hidden."""
        low, high = self._first_bounds(self.kind(cell), value, its_mark)
        if its_mark == "c":
            self.hidden.add(cell)
            self._may_be_nought |= {cell} if may_be_nought else set()
        self.bounds[cell] = (min(low, 0) if cell in self._may_be_nought else low, high)

    def _first_bounds(
        self, kind: str, value: float | None, its_mark: str | None
    ) -> tuple[float, float]:
        if its_mark == "c":
            # Hidden counts are over 0 as a rule; why one is hidden is not told.
            return (1, inf) if kind == "count" else (-inf, inf)
        if value is None or (value == 0 and kind == "count"):
            return (0, 0)
        value = float(value)
        if kind == "count":
            half = self._rules.count_base // 2
            return (max(value - half, self._rules.threshold), value + half)
        return (value - self._rules.pounds_base / 2, value + self._rules.pounds_base / 2)

    def narrow(self, cell: Cell, low: float, high: float) -> bool:
        before = self.bounds[cell]
        after = (max(before[0], low), min(before[1], high))
        # A contradiction shows that a hidden count is nought after all: nothing follows from it.
        if after == before or after[0] > after[1]:
            return False
        self.bounds[cell] = after
        return True

    def least_width(self, cell: Cell) -> float:
        return OPEN_VALUES - 1 if self.kind(cell) == "count" else self._rules.pounds_base

    def lone_is_bared(self, one: _Sum, cell: Cell) -> bool:
        """Say whether the only hidden cell of a sum is given away by the others."""
        if not one.is_within_row or self.kind(cell) == "count":
            return True
        low, high = _left_by_others(one, cell, self.bounds)
        return high - low < _A_TENTH_EITHER_WAY * max(abs(low), abs(high))


def worked_out(con: duckdb.DuckDBPyConnection, specs: Specs, rules: Rules) -> list[Finding]:
    """Tighten the bounds of hidden cells over all sums, then judge how wide they still are."""
    known = _Knowledge(specs, rules)
    sums = list(_all_sums(con, specs, known))
    findings = []
    for one in sums:
        lone = [cell for cell in one.cells if cell in known.hidden]
        if len(lone) == 1 and known.lone_is_bared(one, lone[0]):
            findings.append(_finding(lone[0], "the only hidden cell of a total and its parts"))
    _tighten([one for one in sums if not one.is_within_row], known)
    for cell in sorted(known.hidden, key=str):
        low, high = known.bounds[cell]
        if high - low < known.least_width(cell):
            findings.append(
                _finding(cell, f"can be worked out to lie between {low:g} and {high:g}")
            )
    return findings


def _all_sums(con: duckdb.DuckDBPyConnection, specs: Specs, known: _Knowledge) -> Iterator[_Sum]:
    for spec in specs.values():
        for addition in spec.adds_to:
            for name in addition.columns if addition.table in specs else []:
                yield from _down_the_table(con, spec, addition, name, specs, known)
        for row_sum in spec.row_sums:
            yield from _across_rows(con, spec, row_sum.total, row_sum.parts, known)
        for column in spec.columns:
            if isinstance(column, Pounds) and column.runs_up:
                yield from _along_the_year(con, spec, column.name, column.runs_up, known)


def _down_the_table(
    con: duckdb.DuckDBPyConnection,
    spec: TableSpec,
    addition: AddsTo,
    name: str,
    specs: Specs,
    known: _Knowledge,
) -> Iterator[_Sum]:
    """Read the sums of one column, rows to a row of another table, that hold a hidden cell."""
    group = ", ".join(f"part.{quoted(mine)}" for mine in addition.match.values()) or "true"
    query = (
        f"select {_key('total', specs[addition.table])}, total.{quoted(name)}, total.{mark(name)}, "
        f"{_whole_is_hidden('total', specs[addition.table], name)}, "
        f"{_key('part', spec)}, part.{quoted(name)}, part.{mark(name)}, "
        f"{_whole_is_hidden('part', spec, name)} or total.{mark(name)} = 'c' "
        f"from published.{quoted(spec.table)} as part "
        f"inner join published.{quoted(addition.table)} as total "
        f"on {matched('total', 'part', addition.match)} "
        f"qualify bool_or(part.{mark(name)} = 'c' or total.{mark(name)} = 'c') "
        f"over (partition by {group}) order by all"
    )
    found: dict[Cell, list[Cell]] = {}
    for total_key, *of_total, part_key, part, part_mark, may_be_nought in con.execute(
        query
    ).fetchall():
        whole: Cell = (addition.table, name, tuple(total_key))
        piece: Cell = (spec.table, name, tuple(part_key))
        known.learn(whole, *of_total)
        known.learn(piece, part, part_mark, may_be_nought)
        found.setdefault(whole, []).append(piece)
    for whole, pieces in found.items():
        yield _Sum(whole, tuple(pieces), is_within_row=False)


def _across_rows(
    con: duckdb.DuckDBPyConnection,
    spec: TableSpec,
    total: str,
    parts: Sequence[str],
    known: _Knowledge,
) -> Iterator[_Sum]:
    """Read the rows in which columns that add up hold a hidden cell."""
    names = [total, *parts]
    cells = ", ".join(f"{quoted(name)}, {mark(name)}" for name in names)
    some = " or ".join(f"{mark(name)} = 'c'" for name in names)
    query = (
        f"select {_key('this', spec)}, {cells} from published.{quoted(spec.table)} as this "
        f"where {some} order by all"
    )
    for key, *told in con.execute(query).fetchall():
        row: list[Cell] = [(spec.table, name, tuple(key)) for name in names]
        for place, cell in enumerate(row):
            known.learn(cell, told[2 * place], told[2 * place + 1])
        yield _Sum(row[0], tuple(row[1:]), is_within_row=True)


def _along_the_year(
    con: duckdb.DuckDBPyConnection, spec: TableSpec, name: str, runs_up: RunsUp, known: _Knowledge
) -> Iterator[_Sum]:
    """Read the months whose running total is the month before's and their own figure."""
    same = {key: key for key in spec.keys if key != runs_up.over}
    month = quoted(runs_up.over)
    earlier = f"case when month(this.{month}) <> {runs_up.from_month} then before"
    query = (
        f"select {_key('this', spec)}, this.{quoted(name)}, this.{mark(name)}, "
        f"this.{quoted(runs_up.of)}, this.{mark(runs_up.of)}, "
        f"{_key('before', spec)}, {earlier}.{quoted(name)} end, {earlier}.{mark(name)} end, "
        f"month(this.{month}) = {runs_up.from_month} "
        f"from published.{quoted(spec.table)} as this "
        f"left join published.{quoted(spec.table)} as before "
        f"on {matched('before', 'this', same)} "
        f"and before.{month} = this.{month} - interval 1 month "
        f"where (before.{month} is not null or month(this.{month}) = {runs_up.from_month}) "
        f"and (this.{mark(name)} = 'c' or this.{mark(runs_up.of)} = 'c' "
        f"or before.{mark(name)} = 'c') order by all"
    )
    for (
        key,
        total,
        total_mark,
        part,
        part_mark,
        before_key,
        before,
        before_mark,
        is_first,
    ) in con.execute(query).fetchall():
        whole: Cell = (spec.table, name, tuple(key))
        single: Cell = (spec.table, runs_up.of, tuple(key))
        known.learn(whole, total, total_mark)
        known.learn(single, part, part_mark)
        parts = [single]
        if not is_first:
            parts.append((spec.table, name, tuple(before_key)))
            known.learn(parts[1], before, before_mark)
        yield _Sum(whole, tuple(parts), is_within_row=True)


def _tighten(sums: Sequence[_Sum], known: _Knowledge) -> None:
    """Narrow each cell to what the rest of its sums leaves open, until a round changes nothing."""
    for _ in range(_MOST_ROUNDS):
        moved = False
        for one in sums:
            for cell in one.cells:
                moved |= known.narrow(cell, *_left_by_others(one, cell, known.bounds))
        if not moved:
            return


def _left_by_others(
    one: _Sum, cell: Cell, bounds: dict[Cell, tuple[float, float]]
) -> tuple[float, float]:
    others = [bounds[other] for other in one.parts if other != cell]
    low, high = sum(low for low, _ in others), sum(high for _, high in others)
    if cell == one.total:
        return low, high
    total_low, total_high = bounds[one.total]
    return total_low - high, total_high - low


def _whole_is_hidden(alias: str, spec: TableSpec, name: str) -> str:
    column = spec.column(name)
    if isinstance(column, Count) and column.subset_of:
        return f"coalesce({alias}.{mark(column.subset_of)} = 'c', false)"
    return "false"


def _key(alias: str, spec: TableSpec) -> str:
    names = ", ".join(f"cast({alias}.{quoted(key)} as varchar)" for key in spec.keys)
    return f"[{names}]"


def _finding(cell: Cell, why: str) -> Finding:
    return Finding(cell[0], cell[1], shown_key(cell[2]), why)
