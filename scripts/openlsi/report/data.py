"""The result of a query: small, immutable, in the types that a page knows."""

from __future__ import annotations

import datetime
import decimal
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

MARK_SUFFIX = "_mark"
ANNOTATIONS = frozenset({"b", "e", "f", "p", "r", "u"})
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
BRACKETS = re.compile(r"^\[.*\]$")

Value = str | float | int | bool | None


@dataclass(frozen=True)
class Table:
    """Columns, their kinds (string, number, date or boolean) and rows of plain values.

    Dates are ISO text to the second, without a time zone; numbers are int or float.
    """

    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    name: str = ""

    def kind(self, column: str) -> str:
        """Return the kind of a column."""
        return self.kinds[self.columns.index(column)]

    def values(self, column: str) -> list[Value]:
        """Return a column from top to bottom."""
        position = self.columns.index(column)
        return [row[position] for row in self.rows]

    def mark(self, row: int, column: str) -> str | None:
        """Return `[c]` and the like where a `<column>_mark` stands in for a value."""
        return self._mark(row, column) if self._value(row, column) is None else None

    def annotation(self, row: int, column: str) -> str | None:
        """Return `[p]` and the like where a `<column>_mark` goes with a value."""
        return None if self._value(row, column) is None else self._mark(row, column)

    def _value(self, row: int, column: str) -> Value:
        return self.rows[row][self.columns.index(column)]

    def _mark(self, row: int, column: str) -> str | None:
        name = column + MARK_SUFFIX
        if name not in self.columns:
            return None
        value = self._value(row, name)
        if value is None or value == "":
            return None
        text = str(value)
        return text if BRACKETS.match(text) else f"[{text}]"

    def without_hidden(self) -> Table:
        """Drop every value whose mark stands in its place, should one have come along.

        Marks of quality, such as [p] for provisional, go with their value; all others hide it.
        """
        pairs = [
            (self.columns.index(column), self.columns.index(column + MARK_SUFFIX))
            for column in self.columns
            if column + MARK_SUFFIX in self.columns
        ]
        if not pairs:
            return self
        rows: list[tuple[Value, ...]] = []
        for row in self.rows:
            values = list(row)
            for value, mark in pairs:
                if row[mark] not in (None, "") and str(row[mark]).strip("[]") not in ANNOTATIONS:
                    values[value] = None
            rows.append(tuple(values))
        return Table(self.columns, self.kinds, tuple(rows), self.name)

    def shown_columns(self) -> list[str]:
        """Return the columns without those that only carry marks for another."""
        return [column for column in self.columns if not self.is_mark(column)]

    def is_mark(self, column: str) -> bool:
        """Return whether a column carries the marks of the column it is named after."""
        return column.endswith(MARK_SUFFIX) and column[: -len(MARK_SUFFIX)] in self.columns

    def reordered(self, order: Sequence[int]) -> Table:
        """Return the table with its rows in another order."""
        return Table(self.columns, self.kinds, tuple(self.rows[i] for i in order), self.name)


def kind_of_type(duckdb_type: str) -> str:
    """Return the kind that Evidence gives a DuckDB type."""
    upper = duckdb_type.upper()
    if upper.endswith("]") or upper.startswith(("STRUCT", "MAP")):
        return "string"
    if re.match(r"(TINY|SMALL|BIG|HUGE|U\w*)?INT(EGER)?\b|DECIMAL|DOUBLE|FLOAT|REAL", upper):
        return "number"
    if upper.startswith(("DATE", "TIMESTAMP")):
        return "date"
    return "boolean" if upper == "BOOLEAN" else "string"


def plain(value: Any, kind: str) -> Value:
    """Turn a DuckDB value into a page's value of the column's kind."""
    if value is None:
        return None
    if kind == "number":
        return _number(value)
    if kind == "date":
        if isinstance(value, datetime.datetime):
            if value.tzinfo:
                value = value.astimezone(datetime.UTC).replace(tzinfo=None)
            return str(value.isoformat(timespec="seconds"))
        return f"{value!s}T00:00:00"
    if isinstance(value, list | dict):
        # Lists of records reach the page as JSON; only sparklines read them.
        value = json.dumps(value, default=str, ensure_ascii=False)
    # Control and direction characters would make a name read as something that it is not.
    return value if isinstance(value, bool) else UNPRINTABLE.sub("", str(value))


def _number(value: int | float | decimal.Decimal) -> float | int | None:
    number = float(value)
    if number != number or number in (float("inf"), float("-inf")):
        return None
    # JavaScript has one kind of number: a whole one prints without a point.
    return int(number) if number.is_integer() and abs(number) < 2**53 else number
