"""The rows of a sample's files as cells, whatever they are written in, and what stands in one."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl

from faults.sample import Files, Sample
from openlsi.extract.layouts import split_source
from openlsi.extract.workbook import cell_text

# A physical row: a line of a text with its line end, or the cells of a sheet's row.
Row = Any
_MARK = "XMARKX"


def rows_of(sample: Sample, content: bytes) -> list[Row]:
    """Return the physical rows of a file."""
    if sample.form.format != "workbook":
        return content.splitlines(keepends=True)
    sheet = openpyxl.load_workbook(io.BytesIO(content))[sample.main.sheet]
    return list(sheet.iter_rows(values_only=True))


def of_rows(sample: Sample, rows: list[Row]) -> bytes:
    """Return the file that physical rows make up."""
    if sample.form.format != "workbook":
        return b"".join(rows)
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title in ("Cover", sample.main.sheet):
        book.create_sheet(title)
    for row in rows:
        book[sample.main.sheet].append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def line_end(line: bytes) -> bytes:
    """Return what ends a line."""
    return line[len(line.rstrip(b"\r\n")) :]


def cells(sample: Sample, row: Row) -> list[Any]:
    """Return the cells of a row: texts, but for a sheet's."""
    if sample.form.format == "workbook":
        return list(row)
    text = row.rstrip(b"\r\n").decode(sample.form.encoding)
    if sample.form.quote is None:
        return list(text.split(sample.form.delimiter))
    return list(next(csv.reader([text], delimiter=sample.form.delimiter), []))


def joined(sample: Sample, values: list[Any], like: Row) -> Row:
    """Return a row of cells, written as its layout writes and ended like another."""
    if sample.form.format == "workbook":
        return tuple(values)
    if sample.form.quote is None:
        text = sample.form.delimiter.join(values)
    else:
        line = io.StringIO()
        csv.writer(line, delimiter=sample.form.delimiter, lineterminator="").writerow(values)
        text = line.getvalue()
    return text.encode(sample.form.encoding) + line_end(like)


def changed_rows(
    sample: Sample, files: Files, change: Callable[[list[Row]], list[Row]], name: str = ""
) -> Files:
    """Return the files with other rows in one of them, by default the one that is spoilt."""
    name = name or sample.file
    return files | {name: of_rows(sample, change(rows_of(sample, files[name])))}


def names_of(sample: Sample, content: bytes) -> list[str]:
    """Return the names in a file's header."""
    return [str(name) for name in cells(sample, rows_of(sample, content)[sample.header_row - 1])]


def table_of(sample: Sample, role: str) -> str:
    """Return the table in which something of a role is told."""
    return _table(sample, _split(sample, role)[0])


def file_of(sample: Sample, role: str) -> str:
    """Return the name of the file in which something of a role is told."""
    return sample.file_of(table_of(sample, role))


def row_of(sample: Sample, files: Files, role: str, row: int = 0) -> int:
    """Return the physical row in which something of a row is told, by default of the spoilt one."""
    return _row_in(sample, files, _split(sample, role)[0], row or sample.row)


def value(sample: Sample, files: Files, role: str, row: int = 0) -> str:
    """Return what stands in a row, or in the row of another table that belongs to it."""
    alias, column = _split(sample, role)
    return _told(sample, files, alias, column, row or sample.row)


def amount(sample: Sample, files: Files, role: str, row: int = 0) -> Decimal:
    """Return the pounds that stand in a row, of an amount as its layout writes it."""
    if role not in sample.places:
        return Decimal(0)
    text = value(sample, files, role, row).replace("£", "").replace(",", "")
    pounds = Decimal(text or "0") / (100 if sample.form.money == "pence" else 1)
    column = sample.mapping.columns.get(sample.places[role].lands_in)
    return -pounds if column is not None and column.is_negated else pounds


def with_value(sample: Sample, files: Files, role: str, text: Any, row: int = 0) -> Files:
    """Return the files with another text of a role in one row, written as its layout writes."""
    alias, column = _split(sample, role)
    name = sample.file_of(_table(sample, alias))
    at = _row_in(sample, files, alias, row or sample.row) - 1
    place = column_at(sample, _table(sample, alias), column, files[name])

    def again(rows: list[Row]) -> list[Row]:
        values = cells(sample, rows[at])
        values[place] = text
        return [*rows[:at], joined(sample, values, rows[at]), *rows[at + 1 :]]

    return changed_rows(sample, files, again, name)


def with_bytes(sample: Sample, files: Files, role: str, raw: bytes) -> Files:
    """Return the files with these bytes for a value, whatever they do to the row."""
    name = file_of(sample, role)
    marked = with_value(sample, files, role, _MARK)[name]
    return files | {name: marked.replace(_MARK.encode(), raw)}


def is_of_record(sample: Sample, row: Row) -> bool:
    """Return whether a row below the header is one of the kind that is spoilt."""
    return not sample.tag or cells(sample, row)[:1] == [sample.tag]


def is_read(sample: Sample, row: Row) -> bool:
    """Return whether a row below the header is of a kind that is read."""
    tags = {line.tag for line in sample.form.lines.values()} or {sample.tag}
    return tags == {""} or cells(sample, row)[0] in tags


def last_row(sample: Sample, rows: list[Row]) -> int:
    """Return the physical row of the last record that is read."""
    return max(number for number, row in enumerate(rows, 1) if is_read(sample, row))


def column_of(sample: Sample, role: str, content: bytes) -> int:
    """Return the place of a role's column among the cells of the file that is spoilt."""
    alias, column = _split(sample, role)
    return column_at(sample, _table(sample, alias), column, content)


def _split(sample: Sample, role: str) -> tuple[str, str]:
    source = sample.places[role].source
    table, dot, column = source.partition(".")
    if dot and table in sample.form.read_tables:
        return table, column
    return split_source(source, sample.mapping)


def _table(sample: Sample, alias: str) -> str:
    return next((one.table for one in sample.mapping.lookups if one.alias == alias), alias)


def column_at(sample: Sample, table: str, column: str, content: bytes) -> int:
    """Return the place of a column among the cells of a table's rows."""
    if sample.form.format == "tagged":
        return sample.form.lines[table].columns.index(column) + 1
    return names_of(sample, content).index(column)


def _told(sample: Sample, files: Files, alias: str, column: str, row: int) -> str:
    table = _table(sample, alias)
    content = files[sample.file_of(table)]
    at = _row_in(sample, files, alias, row)
    values = cells(sample, rows_of(sample, content)[at - 1])
    return cell_text(values[column_at(sample, table, column, content)])


def _row_in(sample: Sample, files: Files, alias: str, row: int) -> int:
    """Return the physical row of a table that a row of the spoilt file belongs with."""
    table = _table(sample, alias)
    if table == sample.mapping.driving:
        return row
    lookup = next((one for one in sample.mapping.lookups if one.alias == alias), None)
    if lookup is None:
        # Another record's table: its first row of the same reference.
        field = next(iter(sample.definition.identifiers))
        made_of = {table, *(n for n, one in sample.form.summed.items() if one.driving == table)}
        other = next(one for one in sample.form.records.values() if one.driving in made_of)
        wanted = {str(other.columns[field].source): str(sample.mapping.columns[field].source)}
        fixed: dict[str, str] = {}
    else:
        wanted, fixed = lookup.match, lookup.where
    told = {
        column: _told(sample, files, *split_source(source, sample.mapping), row)
        for column, source in wanted.items()
    } | fixed
    content = files[sample.file_of(table)]
    places = {column_at(sample, table, column, content): text for column, text in told.items()}
    for number, line in enumerate(rows_of(sample, content), 1):
        values = cells(sample, line)
        if len(values) > max(places) and all(values[at] == text for at, text in places.items()):
            return number
    raise LookupError(f"{sample.name}: no row of {table} belongs to row {row}")
