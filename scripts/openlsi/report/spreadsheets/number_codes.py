"""How a spreadsheet shows numbers: as the page does, but in ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from openlsi.report.data import Table
from openlsi.report.javascript_engine import JavaScript

FIGURE = re.compile(r"(\d[\d,]*)(?:\.(\d+))?")


def codes_of(
    js: JavaScript, table: Table, columns: Iterable[str], tags: Mapping[str, str | None]
) -> dict[str, str]:
    """Return the code of each column of numbers, from how the page shows its largest value.

    What neither the page nor the column's name gives a format is left as it is, unless it is whole.
    """
    codes: dict[str, str] = {}
    for column in columns:
        values = [value for value in table.values(column) if isinstance(value, int | float)]
        if table.kind(column) != "number" or not values:
            continue
        tag = tags.get(column)
        is_named = js.knows_format(column.rpartition("_")[2].lower())
        if tag or is_named or all(float(value).is_integer() for value in values):
            largest = max(values, key=abs)
            codes[column] = number_code(js.format_column(table, column, tag, [largest], False)[0])
    return codes


def number_code(text: str) -> str:
    """Return the spreadsheet code that shows a number as a page's text does: `£1,200` → pounds.

    A text in thousands or millions is shown in ones, since the cell holds the whole value.
    """
    found = FIGURE.search(text)
    if not found:
        return ""
    digits, decimals = found.group(1), len(found.group(2) or "")
    places = f".{'0' * decimals}" if decimals else ""
    if "%" in text:
        return f"0{places}%"
    if text[found.end() :].strip():
        places = ""
    grouped = "," in digits or len(digits) < 4
    sign = '"£"' if "£" in text else ""
    return f"{sign}{'#,##0' if grouped else '0'}{places}"
