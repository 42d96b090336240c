"""CSV as spreadsheets open it safely: UTF-8 with a byte order mark, no formulas."""

from __future__ import annotations

import csv
import io
import re

from openlsi.report.data import Table, Value

FORMULA_START = ("=", "+", "-", "@", "\t", "\r", "\n")
NUMBER = re.compile(r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$")


def to_csv(table: Table) -> bytes:
    """Return a table with its marks in their own columns, values unrounded."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([neutral(column) for column in table.columns])
    for row in table.rows:
        writer.writerow([_cell(value, kind) for value, kind in zip(row, table.kinds, strict=True)])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _cell(value: Value, kind: str) -> str:
    if value is None:
        return ""
    if kind == "date":
        return str(value).removesuffix("T00:00:00")
    return str(value) if kind in ("number", "boolean") else neutral(str(value))


def neutral(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would take for a formula."""
    if text.lstrip(" ").startswith(FORMULA_START) or text.startswith(FORMULA_START):
        return text if NUMBER.match(text) else f"'{text}"
    return text
