"""Somebody who means harm and has a solver: all published tables in one program, nothing else.

Shares no code with what it attacks. It reads the tables, writes down all that it knows to add up
(places, new councils, ages, classes, who moved between them, months of a year), and asks of each
hidden figure between what it can lie.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb
import highspy
import numpy as np

Cell = tuple[Any, ...]
COUNCILS = {
    ("two", "North"): "ABC", ("two", "South"): "DEF",
    ("three", "West"): "AD", ("three", "Mid"): "BE", ("three", "East"): "CF",
}  # fmt: skip
KEYS = {
    "county": 1, "district": 2, "council": 3, "county_age": 2, "district_age": 3,
    "county_class": 2, "flow": 3,
}  # fmt: skip
FAR = 5000.0


@dataclass(frozen=True)
class Told:
    """A hidden figure and what is known of it."""

    cell: Cell
    low: float
    high: float
    how: str


@dataclass
class ProgramAttacker:
    """All cells, what each is known to be between, and rows of what adds up to nought."""

    cells: dict[Cell, int] = field(default_factory=dict)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    hidden: list[Cell] = field(default_factory=list)
    sums: list[tuple[dict[int, float], bool]] = field(default_factory=list)
    subsets: list[tuple[int, int]] = field(default_factory=list)

    def read(self, con: duckdb.DuckDBPyConnection) -> None:
        """Read schema `published` and note all that adds up in it."""
        totals_hidden = set()
        for table, keys in KEYS.items():
            found = con.execute(f"select * from published.{table}")
            names = [column[0] for column in found.description or []]
            for told in found.fetchall():
                row = dict(zip(names, told, strict=True))
                for name in names:
                    if f"{name}_mark" in row:
                        cell = (table, name, *told[:keys])
                        self._see(cell, row[name], row[f"{name}_mark"])
                        if row[f"{name}_mark"] == "c":
                            totals_hidden.add(cell)
        for total, parts in self._all_sums():
            self._add(total, parts)
            for part in parts if total in totals_hidden else []:
                self._may_be_nought(part)
        for cell, number in self.cells.items():
            if cell[1] == "on_uc_count":
                whole = (cell[0], "people_count", *cell[2:])
                self.subsets.append((number, self.cells[whole]))
                if whole in totals_hidden or self.high[self.cells[whole]] < 20:
                    self._may_be_nought(cell)

    def _see(self, cell: Cell, value: float | None, mark: str | None) -> None:
        is_count = cell[1].endswith("_count")
        self.cells[cell] = len(self.cells)
        if mark == "c":
            self.hidden.append(cell)
            self.low.append(1 if is_count else -FAR)
            self.high.append(FAR)
        elif not value and is_count:
            self.low.append(0)
            self.high.append(0)
        else:
            half = 2 if is_count else 500
            shown = float(value or 0)
            least = max(shown - half, 10) if is_count else (shown - half) / 1000
            self.low.append(least)
            self.high.append(shown + half if is_count else (shown + half) / 1000)

    def _may_be_nought(self, cell: Cell) -> None:
        if cell in self.hidden and cell[1].endswith("_count"):
            self.low[self.cells[cell]] = 0

    def _add(self, total: Cell, parts: list[Cell], is_of_months: bool = False) -> None:
        row = {self.cells[total]: -1.0}
        for part in parts:
            row[self.cells[part]] = row.get(self.cells[part], 0.0) + 1.0
        self.sums.append((row, is_of_months))

    def _all_sums(self) -> Iterator[tuple[Cell, list[Cell]]]:
        of = list(self.cells)
        for cell in of:
            table, name, *key = cell
            parts = [one for one in of if one[1] == name]
            if table == "county":
                (month,) = key
                yield from self._if_any(cell, [p for p in parts if p[0] == "district"
                                               and p[3] == month])  # fmt: skip
                for other, at in (("county_age", 2), ("county_class", 2)):
                    yield from self._if_any(cell, [p for p in parts if p[0] == other
                                                   and p[at] == month])  # fmt: skip
                for option in ("two", "three"):
                    of_option = [p for p in parts if p[0] == "council" and p[2] == option]
                    yield from self._if_any(cell, [p for p in of_option if p[4] == month])
            if table == "district":
                place, month = key
                yield from self._if_any(cell, [p for p in parts if p[0] == "district_age"
                                               and p[2:4] == (place, month)])  # fmt: skip
            if table == "county_age":
                yield from self._if_any(cell, [p for p in parts if p[0] == "district_age"
                                               and p[3:5] == tuple(key)])  # fmt: skip
            if table == "council":
                option, council, month = key
                districts = [p for p in parts if p[0] == "district" and p[3] == month]
                members = COUNCILS[option, council]
                yield from self._if_any(cell, [p for p in districts if p[2] in members])
            if table == "county_class":
                month, group = key
                flows = [p for p in parts if p[0] == "flow"]
                yield from self._if_any(cell, [p for p in flows if (p[2], p[4]) == (month, group)])
                after = date(month.year, month.month + 1, 1)
                yield from self._if_any(cell, [p for p in flows if (p[2], p[3]) == (after, group)])
        self._add_months(of)

    def _if_any(self, total: Cell, parts: list[Cell]) -> Iterator[tuple[Cell, list[Cell]]]:
        if parts:
            yield total, parts

    def _add_months(self, of: list[Cell]) -> None:
        for table, name, *key in of:
            if name != "to_date_gbp":
                continue
            month = key[-1]
            single = (table, "spent_gbp", *key)
            before = (table, name, *key[:-1], date(month.year, month.month - 1, 1))
            if month.month == 4 or before not in self.cells:
                self._add((table, name, *key), [single], is_of_months=True)
            else:
                self._add((table, name, *key), [single, before], is_of_months=True)

    def attack(self) -> list[Told]:
        """Return the hidden figures that are told: by rounding, or to who knows the others."""
        return [*self._by_programs(), *self._by_algebra()]

    def between(self) -> dict[Cell, tuple[float, float]]:
        """Return between what each hidden figure lies: households, or thousands of pounds."""
        solver = self._solver()
        return {cell: self._range(solver, cell) for cell in self.hidden}

    def _by_programs(self) -> Iterator[Told]:
        for cell, (low, high) in self.between().items():
            size = max(abs(low), abs(high))
            if cell[1].endswith("_count"):
                # Whole numbers between them, with a little for the solver's last digit.
                if np.floor(high + 1e-6) - np.ceil(low - 1e-6) < 2:
                    yield Told(cell, low, high, "a program over all tables")
            elif high - low < 0.2 * size and size > 1:
                yield Told(cell, low, high, "a program over all tables")

    def _by_algebra(self) -> Iterator[Told]:
        """Find hidden cells that follow from the shown ones whatever these are: no freedom left."""
        place = {self.cells[cell]: at for at, cell in enumerate(self.hidden)}
        rows = [row for row, is_of_months in self.sums if not is_of_months]
        matrix = np.zeros((len(rows), len(place)))
        for at, row in enumerate(rows):
            for number, value in row.items():
                if number in place:
                    matrix[at, place[number]] = value
        _, sizes, right = np.linalg.svd(matrix)
        free = right[int((sizes > 1e-9).sum()) :]
        named = np.abs(matrix).sum(axis=0) > 0
        for at, cell in enumerate(self.hidden):
            if named[at] and np.abs(free[:, at]).max(initial=0) < 1e-7:
                yield Told(cell, 0, 0, "adding and taking away")

    def _range(self, solver: Any, cell: Cell) -> tuple[float, float]:
        number = self.cells[cell]
        told = []
        for sign in (1.0, -1.0):
            solver.changeColCost(number, sign)
            solver.run()
            assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
            told.append(float(solver.getSolution().col_value[number]))
        solver.changeColCost(number, 0.0)
        return told[0], told[1]

    def _solver(self) -> Any:
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        for low, high in zip(self.low, self.high, strict=True):
            solver.addVar(low, high)
        rows = [(row, 0.0, 0.0) for row, _ in self.sums]
        rows += [({part: 1.0, whole: -1.0}, -np.inf, 0.0) for part, whole in self.subsets]
        for row, low, high in rows:
            solver.addRow(
                low, high, len(row), np.array(list(row), dtype=np.int32),
                np.array(list(row.values())),
            )  # fmt: skip
        return solver
