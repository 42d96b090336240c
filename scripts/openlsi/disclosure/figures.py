"""The figures of all controlled tables, as they are before they are shown or as they are published.

Both sides read alike: what chooses the cells to hide sees each figure as it would be shown, what
attacks the result sees what is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import duckdb

from openlsi.disclosure.kinds import Count, Pounds
from openlsi.disclosure.rules import Rules
from openlsi.disclosure.spec import Specs, TableSpec
from openlsi.disclosure.wording import hidden, mark, own, quoted, working_table

Key = tuple[str | None, ...]


@dataclass(frozen=True)
class Cell:
    """One figure: as it is or would be shown, and whether it is hidden.

    `shown` is None for a hidden figure of a published table, which nobody sees, and for one that
    nobody sent, which is not hidden. `is_own` says that it is hidden for its own sake, where known.
    `row` is the database's number of its row; `known` what a reader takes it to be exactly;
    `exact` what it is, where it is not published yet.
    """

    table: str
    column: str
    key: Key
    row: int
    is_count: bool
    shown: float | None
    is_hidden: bool
    is_own: bool = False
    known: float | None = None
    exact: float | None = None


@dataclass(frozen=True)
class Table:
    """The rows of one table: words by column, and each figure's cells in the order of the rows.

    `cells` hold numbers of the list that all tables share; None where nobody sent a figure.
    """

    spec: TableSpec
    words: dict[str, list[str | None]]
    cells: dict[str, list[int | None]]

    @property
    def length(self) -> int:
        """How many rows there are."""
        return len(next(iter(self.words.values()), []))


@dataclass(frozen=True)
class Figures:
    """All cells of all controlled tables, and where in which table each stands."""

    cells: list[Cell]
    tables: dict[str, Table]


# Of a column: what is shown, whether it is hidden, whether for its own sake, and what it is.
Wording = Callable[[TableSpec, Count | Pounds], tuple[str, str, str, str]]


def before_release(con: duckdb.DuckDBPyConnection, specs: Specs, rules: Rules) -> Figures:
    """Read the working tables: each figure as it would be shown, and what is hidden so far."""

    def wording(_: TableSpec, column: Count | Pounds) -> tuple[str, str, str, str]:
        base = rules.count_base if isinstance(column, Count) else rules.pounds_base
        value = f"round({quoted(column.name)} / {base}) * {base}"
        return value, hidden(column.name), own(column.name), quoted(column.name)

    return _read(con, specs, wording, working_table)


def as_published(con: duckdb.DuckDBPyConnection, specs: Specs) -> Figures:
    """Read schema `published`, and nothing else."""

    def wording(_: TableSpec, column: Count | Pounds) -> tuple[str, str, str, str]:
        is_hidden = f"coalesce({mark(column.name)} = 'c', false)"
        return quoted(column.name), is_hidden, "false", "null"

    return _read(con, specs, wording, lambda table: f"published.{quoted(table)}")


def _read(
    con: duckdb.DuckDBPyConnection,
    specs: Specs,
    wording: Wording,
    relation: Callable[[str], str],
) -> Figures:
    cells: list[Cell] = []
    tables = {}
    for spec in specs.values():
        if spec.status == "controlled":
            tables[spec.table] = _table(con, spec, wording, relation(spec.table), cells)
    return Figures(cells, tables)


def _table(
    con: duckdb.DuckDBPyConnection,
    spec: TableSpec,
    wording: Wording,
    relation: str,
    cells: list[Cell],
) -> Table:
    names = [column.name for column in spec.columns if column.kind in ("key", "label")]
    figures = [column for column in spec.columns if isinstance(column, Count | Pounds)]
    chosen = ["rowid", *(f"cast({quoted(name)} as varchar)" for name in names)]
    for column in figures:
        value, is_hidden, is_own, exact = wording(spec, column)
        chosen += [f"cast({value} as double)", is_hidden, is_own, f"cast({exact} as double)"]
    keys = ", ".join(quoted(key) for key in spec.keys)
    order = f" order by {keys}" if keys else ""
    rows = con.execute(f"select {', '.join(chosen)} from {relation}{order}").fetchall()
    told: list[tuple[Any, ...]] = list(zip(*rows, strict=True)) or [()] * len(chosen)
    numbers, *told = told
    words = {name: list(told[place]) for place, name in enumerate(names)}
    row_keys = list(zip(*(words[key] for key in spec.keys), strict=True)) or [()] * len(rows)
    places = list(zip(row_keys, numbers, strict=True))
    placed: dict[str, list[int | None]] = {}
    for place, column in enumerate(figures):
        at = len(names) + 4 * place
        placed[column.name] = _cells(spec.table, column, places, told[at : at + 4], cells)
    return Table(spec, words, placed)


def _cells(
    table: str,
    column: Count | Pounds,
    places: list[tuple[Key, int]],
    told: list[tuple[Any, ...]],
    cells: list[Cell],
) -> list[int | None]:
    """Add the cells of one column to the list; return their numbers, row by row."""
    numbers: list[int | None] = []
    is_count = isinstance(column, Count)
    for (key, row), value, is_hidden, is_own, exact in zip(places, *told, strict=True):
        if value is None and not is_hidden:
            numbers.append(None)
            continue
        numbers.append(len(cells))
        cell = Cell(table, column.name, key, row, is_count, value, is_hidden, is_own, exact=exact)
        cells.append(cell)
    return numbers
