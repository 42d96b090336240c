"""What the columns of a file look like: shapes and counts, measured by the loader's own typing.

Values are kept only where a column has few of them, each in several rows: those are codes. No
other value leaves the private database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

import duckdb

from openlsi.extract.columns import literals, parsed_sql, shape_sql, value_sql
from openlsi.extract.layout_mapping import DateFormat, Mapping, MoneyForm
from openlsi.extract.layouts import Layout
from openlsi.extract.limits import FileLimits
from openlsi.extract.onboarding.dialect import Dialect
from openlsi.extract.reading import RawDelivery, read_delimited
from openlsi.extract.records import Column, Identifier
from openlsi.extract.workbook import read_workbook_extract

TABLE = "extract"
_NULL_WORDS = ("NULL", "null", "N/A", "n/a", "#N/A", "-", "--", "(null)", "None recorded")
_YEAR_FORMS = ("start_year", "slash", "dash")
# Few enough values, and each in enough rows, to be codes and nobody's name.
_MOST_CODES, _ROWS_A_CODE, _CODE_LENGTH = 40, 3, 40
_PATTERNS = {
    "ninos": "(?i)[A-Z]{2}( ?[0-9]{2}){3} ?[A-D]?",
    "postcodes": "(?i)[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}",
    "numbers": "[0-9]{6,12}",
    "leading_noughts": "0[0-9]+",
    "digits": ".*[0-9].*",
    "commas": "[^,]+,[^,]*",
    "words": "[^ ,]+ +[^,]*",
    "month_first": "[0-9]{1,2}/(1[3-9]|2[0-9]|3[01])/[0-9]{4}",
    "day_first": "(1[3-9]|2[0-9]|3[01])/[0-9]{1,2}/[0-9]{4}",
    "short_years": "[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}",
    "pennies": r".*\.[0-9]{1,2}",
}


@dataclass(frozen=True)
class ColumnProfile:
    """One column: how many rows hold what. Counts are of filled rows."""

    name: str
    rows: int
    filled: int
    distinct: int
    padded: int
    counts: dict[str, int]
    shapes: list[tuple[str, int]]
    codes: dict[str, int]
    rare: int
    open_ends: list[str]
    median_gbp: float | None

    def share(self, count: str) -> float:
        """Return which part of the filled rows has a pattern or a form."""
        return self.counts[count] / self.filled if self.filled else 0.0

    def best(self, kind: str) -> tuple[str, float]:
        """Return the form of dates, money or years that fits most rows, and its share."""
        forms = [name for name in self.counts if name.startswith(f"{kind} ")]
        form = max(forms, key=lambda name: self.counts[name])
        return form.removeprefix(f"{kind} "), self.share(form)


@dataclass(frozen=True)
class Profile:
    """A file as read: its rows as text, its columns, and what stands for no value in it."""

    dialect: Dialect
    delivery: RawDelivery
    columns: dict[str, ColumnProfile]
    nulls: list[str]


def profile_file(file_name: str, content: bytes, dialect: Dialect, limits: FileLimits) -> Profile:
    """Return what the columns of a file look like; read as `lsi load` would read it."""
    layout = every_column(dialect)
    if dialect.format == "workbook":
        delivery = read_workbook_extract(layout, TABLE, file_name, content, limits)
    else:
        delivery = read_delimited(layout, TABLE, file_name, content)
    connection = duckdb.connect(":memory:", config={"temp_directory": ""})
    connection.register("raw", delivery.tables[TABLE].rows)
    nulls = ["", *_null_words(connection, dialect.columns)]
    columns = {name: _profiled(connection, layout, name, nulls) for name in dialect.columns}
    connection.close()
    return Profile(dialect, delivery, columns, nulls)


def every_column(dialect: Dialect) -> Layout:
    """Return a layout that reads every column of a file and means nothing by it."""
    columns = {str(n): {"source": name} for n, name in enumerate(dialect.columns)}
    return Layout.model_validate(
        {"layout": "unknown", "feed": "unknown", "title": "unknown",
         **file_part(dialect, "unknown"),
         "records": {"row": {"from": TABLE, "columns": columns}}}
    )  # fmt: skip


def file_part(
    dialect: Dialect, pattern: str, blocks: Sequence[str] = (), block_columns: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the part of a layout that says how the file is written."""
    if dialect.format == "workbook":
        file: dict[str, Any] = {"sheet": dialect.sheet, "header_row": dialect.header_row}
        written: dict[str, Any] = {"format": "workbook"}
    else:
        file = {"title_lines": dialect.header_row - 1} if dialect.header_row > 1 else {}
        written = {"format": "delimited", "encoding": dialect.encoding,
                   "delimiter": dialect.delimiter}  # fmt: skip
        written |= {"quote": dialect.quote} if dialect.quote else {}
        written |= {"has_line_breaks_in_values": True} if dialect.has_line_breaks else {}
        written |= {} if dialect.ends_with_line_end else {"ends_with_line_end": False}
    repeated = {c.replace("{block}", block) for block in blocks for c in block_columns}
    file["columns"] = [name for name in dialect.columns if name not in repeated]
    if blocks:
        file["block_columns"] = {"blocks": blocks, "columns": block_columns}
    return {**written, "files": {TABLE: {"pattern": pattern, **file}}}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _null_words(connection: duckdb.DuckDBPyConnection, columns: list[str]) -> list[str]:
    found: set[str] = set()
    for name in columns:
        rows = connection.execute(
            f"select distinct trim({_quoted(name)}) from raw"
            f" where trim({_quoted(name)}) in ({literals(list(_NULL_WORDS))})"
        ).fetchall()
        found |= {word for (word,) in rows}
    return sorted(found)


def _profiled(
    connection: duckdb.DuckDBPyConnection, layout: Layout, name: str, nulls: list[str]
) -> ColumnProfile:
    connection.execute(
        f"create or replace temp table texts as select {_quoted(name)} as untrimmed,"
        f" trim({_quoted(name)}) as t from raw"
    )
    connection.execute(
        "create or replace temp table filled as select t from texts"
        f" where t not in ({literals(nulls)})"
    )
    (rows, padded) = connection.execute(
        "select count(*), count(*) filter (untrimmed <> t) from texts"
    ).fetchone() or (0, 0)
    measures = {key: f"regexp_full_match(t, '{p}')" for key, p in _PATTERNS.items()}
    measures |= _forms(layout)
    selected = ", ".join(f"count(*) filter ({sql})" for sql in measures.values())
    (filled, distinct, *counts) = (
        connection.execute(f"select count(*), count(distinct t), {selected} from filled").fetchone()
        or ()
    )
    codes, rare = _codes(connection, filled, distinct)
    return ColumnProfile(
        name, rows, filled, distinct, padded, dict(zip(measures, counts, strict=True)),
        _shapes(connection), codes, rare, _open_ends(connection), _median(connection, layout),
    )  # fmt: skip


def _forms(layout: Layout) -> dict[str, str]:
    """Return for each form of a date, an amount or a year the loader's own test of it."""
    tests = {}
    for form in get_args(DateFormat):
        tests[f"date {form}"] = _reads(layout, Identifier(type="date"), date_format=form)
    for form in get_args(MoneyForm):
        tests[f"money {form}"] = _reads(layout, Column(type="money"), money=form)
    for form in _YEAR_FORMS:
        tests[f"year {form}"] = _reads(layout, Column(type="financial_year"), year_format=form)
    tests["integer"] = _reads(layout, Column(type="integer"))
    return tests


def _reads(layout: Layout, kind: Column | Identifier, **said: Any) -> str:
    return f"({_value(layout, kind, **said)}) is not null"


def _value(layout: Layout, kind: Column | Identifier, **said: Any) -> str:
    mapping = Mapping(source="t", **said)
    parsed = parsed_sql(layout, mapping, kind, "t")
    return value_sql(layout, mapping, kind, "t", f"({parsed})")


def _shapes(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    return connection.execute(
        f"select {shape_sql('t')} as shape, count(*) as n from filled group by shape"
        " order by n desc, shape limit 3"
    ).fetchall()


def _codes(
    connection: duckdb.DuckDBPyConnection, filled: int, distinct: int
) -> tuple[dict[str, int], int]:
    """Return the values of a column of codes, and how many rows hold rarer ones."""
    if not 0 < distinct <= _MOST_CODES or distinct * _ROWS_A_CODE > filled:
        return {}, 0
    found = connection.execute(
        "select t, count(*) as n from filled group by t order by n desc, t"
    ).fetchall()
    # What stands in a row or two may be somebody's name that slipped into the wrong column.
    codes = {
        text: count
        for text, count in found
        if count >= _ROWS_A_CODE and len(text) <= _CODE_LENGTH and not _names_somebody(text)
    }
    return codes, filled - sum(codes.values())


def _names_somebody(text: str) -> bool:
    return sum(letter.isdigit() for letter in text) > 4


def _open_ends(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return dates that stand for no end, as they are written; nobody's birthday is in 2099."""
    found = connection.execute(
        "select t, count(*) as n from filled where regexp_full_match(t,"
        " '(31[/.]12[/.](209[0-9]|2[1-9][0-9]{2}|9999)|(209[0-9]|2[1-9][0-9]{2}|9999)-?12-?31"
        "( 00:00:00)?|01/01/1900|1900-01-01( 00:00:00)?)') group by t order by n desc limit 3"
    ).fetchall()
    return [text for text, _ in found]


def _median(connection: duckdb.DuckDBPyConnection, layout: Layout) -> float | None:
    amount = _value(layout, Column(type="money"), money="currency")
    found = connection.execute(f"select median({amount}) from filled").fetchone()
    return float(found[0]) if found and found[0] is not None else None
