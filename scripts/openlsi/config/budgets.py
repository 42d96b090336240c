"""Budgets for Council Tax Support: what a district may give once a year, as a table in CSV.

`config/cts_budgets.csv` has a row a district and financial year, as its tax base was set: the
support that it allows for, by age, and the collection rate that it counts on. Finance officers keep
it in a spreadsheet, so that every refusal names the row and the column as that shows them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyarrow as pa

from openlsi.config.county import Configuration, ConfigurationError
from openlsi.home import Home

FILE = "cts_budgets.csv"
COLUMNS = (
    "district",
    "financial_year",
    "pension_age_gbp",
    "working_age_gbp",
    "collection_rate_pct",
    "source",
)
_MONEY = pa.decimal128(18, 2)
_TABLE = pa.schema(
    [
        ("district_code", pa.string()),
        ("financial_year", pa.string()),
        ("pension_age_gbp", _MONEY),
        ("working_age_gbp", _MONEY),
        ("collection_rate_pct", _MONEY),
        ("source", pa.string()),
    ]
)
_MOST_POUNDS = Decimal(1_000_000_000)


@dataclass(frozen=True)
class Budget:
    """One district's budget for Council Tax Support in one financial year; pounds of the year."""

    district_code: str
    financial_year: str
    pension_age_gbp: Decimal
    working_age_gbp: Decimal
    collection_rate_pct: Decimal | None
    source: str


@dataclass(frozen=True)
class _Row:
    """One row of the file, by column, with the number that a spreadsheet gives it."""

    path: Path
    number: int
    cells: Mapping[str, str]

    def refused(self, column: str, expected: str) -> ConfigurationError:
        """Return what to say of a cell: where it is, what is there, and what to do."""
        return ConfigurationError(
            f"{self.path}, row {self.number}, column {column}: found '{self.cells[column]}',"
            f" expected {expected}; correct the cell or take out the row, then build again"
        )


def load_budgets(home: Home, configuration: Configuration) -> list[Budget]:
    """Return the budgets of the county's own file, in its order; none where there is no file.

    Nothing is shipped, since a budget is a district's own word. Raises ConfigurationError at the
    first cell that cannot be what its column says.
    """
    path = home.config / FILE
    if not path.exists():
        return []
    budgets: list[Budget] = []
    rows: dict[tuple[str, str], int] = {}
    for row in _rows(path):
        budget = _budget(row, configuration)
        key = (budget.district_code, budget.financial_year)
        if key in rows:
            raise row.refused(
                "financial_year", f"one row a district and year; row {rows[key]} is it"
            )
        rows[key] = row.number
        budgets.append(budget)
    return budgets


def budget_table(budgets: Sequence[Budget]) -> pa.Table:
    """Return one row a district and financial year."""
    return pa.Table.from_pylist([vars(budget) for budget in budgets], schema=_TABLE)


def _rows(path: Path) -> Iterator[_Row]:
    try:
        # Spreadsheets put a byte order mark before the first heading.
        text = io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")
        lines = list(csv.reader(text, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ConfigurationError(
            f"{path}: not readable as CSV in UTF-8: {error}; save it as “CSV UTF-8”"
        ) from None
    header = ",".join(COLUMNS)
    if not lines or [cell.strip() for cell in lines[0]] != list(COLUMNS):
        found = ",".join(lines[0]) if lines else "an empty file"
        raise ConfigurationError(f"{path}, row 1: found '{found}', expected the headings {header}")
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(COLUMNS):
            raise ConfigurationError(
                f"{path}, row {number}: found {len(cells)} cells, expected {len(COLUMNS)}:"
                f" {header}; put a cell that holds a comma in double quotes, and write pounds"
                " without commas"
            )
        named = zip(COLUMNS, (cell.strip() for cell in cells), strict=True)
        yield _Row(path, number, dict(named))


def _budget(row: _Row, configuration: Configuration) -> Budget:
    cells = row.cells
    district = configuration.district(cells["district"])
    if district is None or district not in configuration.districts:
        known = ", ".join(one.slug for one in configuration.districts)
        raise row.refused("district", f"the folder name or ONS code of a district ({known})")
    year = cells["financial_year"]
    if not re.fullmatch(r"20\d\d-\d\d", year) or (int(year[:4]) + 1) % 100 != int(year[5:]):
        raise row.refused("financial_year", "a year from April to March, such as 2026-27")
    if not cells["source"]:
        raise row.refused(
            "source", "where the figure stands, such as the report that set the budget"
        )
    rate = None
    if cells["collection_rate_pct"]:
        rate = _number(row, "collection_rate_pct", _RATE, Decimal(100))
    return Budget(
        district_code=district.code,
        financial_year=year,
        pension_age_gbp=_pounds(row, "pension_age_gbp"),
        working_age_gbp=_pounds(row, "working_age_gbp"),
        collection_rate_pct=rate,
        source=cells["source"],
    )


_RATE = "a share in per cent from 0 to 100, such as 97.5, or nothing"


def _pounds(row: _Row, column: str) -> Decimal:
    expected = "pounds of the year in digits, such as 5600000 or 5600000.50"
    return _number(row, column, expected, _MOST_POUNDS)


def _number(row: _Row, column: str, expected: str, most: Decimal) -> Decimal:
    try:
        number = Decimal(row.cells[column])
    except InvalidOperation:
        raise row.refused(column, expected) from None
    if not number.is_finite() or not 0 <= number <= most or number != round(number, 2):
        raise row.refused(column, expected)
    return round(number, 2)
