"""What a spreadsheet holds, before it is written as one format or another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openlsi.report.csv_files import neutral
from openlsi.report.data import Table, Value

LONGEST_NAME = 31
"""What spreadsheet programs allow for the name of a sheet."""
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
Cell = str | float | int | None


@dataclass(frozen=True)
class Sheet:
    """One table: texts are safe to open, numbers unrounded, dates ISO text, marks in their place.

    `file` is its CSV's name; `columns` are the names that the query gives, `heads` the titles that
    readers see. `tables` are those that it was selected from.
    """

    file: str
    title: str
    subtitle: str
    columns: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[tuple[str, str], ...] = ()
    tables: frozenset[str] = frozenset()
    codes: tuple[str, ...] = ()
    """How a spreadsheet shows the numbers of each column, such as `0.0%`; empty: as it likes."""

    @property
    def lines(self) -> tuple[str, ...]:
        """Return what stands above the table."""
        return tuple(neutral(line) for line in (self.title, self.subtitle) if line)


@dataclass(frozen=True)
class Notes:
    """What is said of all sheets: where the figures are from, of when, and how to read them."""

    title: str
    lines: tuple[str, ...]
    symbols: tuple[tuple[str, str], ...]
    definitions: tuple[tuple[str, str], ...]

    def rows(self, contents: Sequence[tuple[str, str]]) -> list[tuple[str, ...]]:
        """Return the notes sheet as rows of one or two texts; a lone text is a heading or line."""
        rows: list[tuple[str, ...]] = [(self.title,), *((line,) for line in self.lines), ()]
        parts = (
            ("Sheets", contents),
            ("Symbols", self.symbols),
            ("Definitions", self.definitions),
        )
        for heading, pairs in parts:
            if pairs:
                rows += [(heading,), *pairs, ()]
        return [tuple(neutral(text) for text in row) for row in rows[:-1]]

    def headings(self) -> frozenset[str]:
        """Return the texts that are headings of the notes sheet."""
        return frozenset({neutral(self.title), "Sheets", "Symbols", "Definitions"})


def sheet_of(
    file: str,
    table: Table,
    title: str,
    subtitle: str,
    titles: dict[str, str],
    notes: dict[str, str],
    tables: frozenset[str] = frozenset(),
    codes: Mapping[str, str] | None = None,
) -> Sheet:
    """Return a table as a sheet of the titled columns, in that order.

    A mark stands where a value is hidden; one that goes with values has a column of its own.
    `codes` are how the numbers of columns are shown.
    """
    columns: list[str] = []
    heads: list[str] = []
    cells: list[list[Cell]] = []
    every = range(len(table.rows))
    for column, head in titles.items():
        columns.append(column)
        heads.append(neutral(head))
        cells.append([_cell(table, row, column) for row in every])
        beside = [table.annotation(row, column) for row in every]
        if any(beside):
            columns.append(f"{column}_mark")
            heads.append(neutral(f"{head} (symbol)"))
            cells.append([mark or "" for mark in beside])
    rows = tuple(zip(*cells, strict=True)) if cells else ()
    described = tuple((head, text) for head, text in notes.items())
    shown = tuple((codes or {}).get(column, "") for column in columns)
    return Sheet(
        file, title, subtitle, tuple(columns), tuple(heads), rows, described, tables, shown
    )


def _cell(table: Table, row: int, column: str) -> Cell:
    mark = table.mark(row, column)
    if mark:
        return mark
    value: Value = table.rows[row][table.columns.index(column)]
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    if table.kind(column) == "date":
        return value.removesuffix("T00:00:00")
    return neutral(value)


def names_of(titles: Iterable[str]) -> list[str]:
    """Return a sheet name for each title: short, allowed everywhere, no two alike."""
    taken = {"notes", "history"}
    names: list[str] = []
    for title in titles:
        base = " ".join(NOT_IN_NAMES.sub(" ", title).split()) or "Table"
        name, count = base[:LONGEST_NAME].strip(), 1
        while name.lower() in taken:
            count += 1
            tail = f" {count}"
            name = base[: LONGEST_NAME - len(tail)].strip() + tail
        taken.add(name.lower())
        names.append(name)
    return names
