"""Delimited and tagged files to tables of text: explicit dialect and columns, nothing guessed."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv_reader

from openlsi.extract.decoding import decoded
from openlsi.extract.layout_files import PARENT_ROW_ID, ROW_ID, FileLayout, RowTypes
from openlsi.extract.layouts import Layout
from openlsi.extract.lines import Flags, Lines, Positions, cut
from openlsi.extract.patterns import parse_month, parse_produced
from openlsi.extract.refusals import ASK_AGAIN, RefusedFileError


@dataclass(frozen=True)
class BrokenRow:
    """A row whose fields cannot be told apart. `text` goes to the vault and nowhere else."""

    table: str
    row: int
    reason: str
    column_name: str | None
    value_kind: str
    text: str


@dataclass(frozen=True)
class RawTable:
    """One table as text, with the physical row number of each row in `source_row`.

    `rows` holds the columns that anything is made of; `lines` what the file's rows say in full,
    None where they are cells of a sheet.
    """

    file_name: str
    rows: pa.Table
    lines: Lines | None = None

    def text(self, numbers: list[int]) -> list[str]:
        """Return physical rows as they stand in the file, for the vault only."""
        if self.lines is not None:
            places = np.searchsorted(self.lines.numbers, numbers)
            return [self.lines.text(place) for place in places]
        chosen = self.rows.filter(pc.is_in(self.rows["source_row"], pa.array(numbers, pa.int64())))
        return [str(row) for row in chosen.to_pylist()]


@dataclass(frozen=True)
class HeaderFacts:
    """What a header line says."""

    district: str | None = None
    month: str | None = None
    produced_at: datetime | None = None


@dataclass(frozen=True)
class RawDelivery:
    """All tables of one delivery, and where each physical row went."""

    tables: dict[str, RawTable]
    physical_rows: int
    structural_rows: int
    broken: list[BrokenRow]
    header: HeaderFacts = field(default_factory=HeaderFacts)
    trailer: list[int] = field(default_factory=list)


def read_delimited(layout: Layout, table: str, file_name: str, content: bytes) -> RawDelivery:
    """Return the tables of a delimited file with a header line: one, or one a kind of row."""
    file = layout.files[table]
    lines = _lines(layout, file_name, content)
    header = _header_index(lines, file, file_name)
    names = _header_names(layout, file, file_name, lines, header)
    is_data = ~lines.is_blank
    is_data[: header + 1] = False
    _refuse_if_cut_short(layout, file_name, lines)
    if not is_data.any() and not file.may_be_empty:
        raise RefusedFileError(file_name, "no rows under the header", "rows", ASK_AGAIN)
    if file.row_types is None:
        rows, broken = _parsed(layout, table, lines, is_data, names)
        tables = {table: RawTable(file_name, _with_absent(layout, table, rows), lines)}
    else:
        is_data &= ~_starts_with_any(layout, lines, file.row_types.ignored)
        tables, broken = _kinds_of_rows(layout, file.row_types, file_name, lines, is_data, names)
    _refuse_if_mostly_broken(file_name, len(broken), int(is_data.sum()), len(names))
    return RawDelivery(tables, len(lines), len(lines) - int(is_data.sum()), broken)


def _kinds_of_rows(
    layout: Layout, kinds: RowTypes, file_name: str, lines: Lines, is_data: Flags, names: list[str]
) -> tuple[dict[str, RawTable], list[BrokenRow]]:
    """Return a table a kind of row, each row with its number and that of the row it hangs below."""
    if names[0] != kinds.column:
        found = "another column first in its header"
        raise RefusedFileError(file_name, found, f"column {kinds.column} first", ASK_AGAIN)
    tables, broken, seen = {}, [], np.zeros(len(lines), dtype=np.bool_)
    of_kind = {
        table: is_data & _starts_with_any(layout, lines, values)
        for table, values in kinds.tables.items()
    }
    for table, is_own in of_kind.items():
        seen |= is_own
        rows, broken_here = _parsed(layout, table, lines, is_own, names)
        broken += broken_here
        rows = rows.append_column(ROW_ID, rows["source_row"].cast(pa.string()))
        if table in kinds.children:
            # A parent that cannot be read still ends what hangs below the one before it.
            parents = lines.numbers[of_kind[kinds.children[table]]]
            rows = rows.append_column(PARENT_ROW_ID, _rows_above(rows["source_row"], parents))
        tables[table] = RawTable(file_name, _with_absent(layout, table, rows), lines)
    return tables, broken + _unknown_kinds(lines, is_data & ~seen)


def _rows_above(numbers: pa.ChunkedArray, parents: Positions) -> pa.Array:
    """Return for each row the number of the last parent row above it, as text; empty for none."""
    place = np.searchsorted(parents, numbers.to_numpy(), side="right") - 1
    above = pa.array(parents[np.maximum(place, 0)] if len(parents) else place).cast(pa.string())
    return pc.if_else(pa.array(place >= 0), above, "")


def _unknown_kinds(lines: Lines, chosen: Flags) -> list[BrokenRow]:
    return [
        BrokenRow(
            "", int(lines.numbers[index]), "unknown_code", "record type", "unknown tag",
            lines.text(index),
        )
        for index in np.flatnonzero(chosen).tolist()
    ]  # fmt: skip


def _starts_with_any(layout: Layout, lines: Lines, values: list[str]) -> Flags:
    found = np.zeros(len(lines), dtype=np.bool_)
    for value in values:
        found |= _has_tag(lines, value, layout.delimiter)
        if layout.quote:
            found |= _has_tag(lines, f"{layout.quote}{value}{layout.quote}", layout.delimiter)
    return found


def _with_absent(layout: Layout, table: str, rows: pa.Table) -> pa.Table:
    """Return the columns that anything is made of; those that the file lacks are empty."""
    wanted = layout.used_columns(table)
    nothing = pa.repeat(pa.scalar("", pa.string()), rows.num_rows)
    present = set(rows.column_names)
    return pa.table(
        {name: rows[name] if name in present else nothing for name in [*wanted, "source_row"]}
    )


def read_tagged(layout: Layout, file_name: str, content: bytes) -> RawDelivery:
    """Return the tables of a file whose lines begin with a tag, its header and its trailer."""
    lines = _lines(layout, file_name, content)
    is_data = ~lines.is_blank
    facts, trailer = HeaderFacts(), []
    if layout.header:
        facts = _header_facts(layout, file_name, lines)
        is_data[np.flatnonzero(is_data)[:1]] = False
    if layout.trailer:
        trailer = _trailer_totals(layout, file_name, lines)
        is_data[np.flatnonzero(is_data)[-1:]] = False
    tables, broken, seen = {}, [], np.zeros(len(lines), dtype=np.bool_)
    for name, line in layout.lines.items():
        tagged = is_data & _has_tag(lines, line.tag, layout.delimiter)
        seen |= tagged
        rows, broken_here = _parsed(layout, name, lines, tagged, ["", *line.columns])
        tables[name] = RawTable(file_name, rows, lines)
        broken += broken_here
    broken += _unknown_kinds(lines, is_data & ~seen)
    if not is_data.any():
        raise RefusedFileError(file_name, "no data lines", "data lines", ASK_AGAIN)
    _refuse_if_mostly_broken(file_name, len(broken), int(is_data.sum()), 0)
    return RawDelivery(tables, len(lines), len(lines) - int(is_data.sum()), broken, facts, trailer)


def _lines(layout: Layout, file_name: str, content: bytes) -> Lines:
    text = decoded(file_name, content, layout.encoding)
    if not text:
        raise RefusedFileError(file_name, "an empty file", "data", ASK_AGAIN)
    return cut(file_name, text, layout.delimiter, layout.quote, layout.has_line_breaks_in_values)


def _header_index(lines: Lines, file: FileLayout, file_name: str) -> int:
    left = np.flatnonzero(~lines.is_blank[file.title_lines :]) + file.title_lines
    if len(left) == 0:
        raise RefusedFileError(file_name, "no header line", "a header", ASK_AGAIN)
    return int(left[0])


def _header_names(
    layout: Layout, file: FileLayout, file_name: str, lines: Lines, index: int
) -> list[str]:
    """Return the column names in the order of the file, each expected one exactly once."""
    quote = layout.quote or '"'
    try:
        names = next(csv.reader([lines.text(index)], delimiter=layout.delimiter, quotechar=quote))
    except csv.Error:
        names = []  # a carriage return inside, so no header
    names = [file.canonical(name.strip()) for name in names]
    check_columns(layout, file_name, names, file.required_columns, f"row {lines.numbers[index]}")
    return names


def check_columns(
    layout: Layout, file_name: str, names: list[str], expected: list[str], header: str
) -> None:
    """Raise RefusedFileError unless each expected column stands in the header exactly once."""
    missing = [name for name in expected if name not in names]
    advice = f"ask the sender, or map the new name in layout {layout.layout}"
    if 2 * len(missing) > len(expected):
        # Data may stand where the header should be, so nothing of it is quoted.
        found = f"no header in {header} ({len(missing)} column names are not in it)"
        few = ", ".join(expected[:4]) + (f" and {len(expected) - 4} more" if expected[4:] else "")
        raise RefusedFileError(file_name, found, f"columns {few}", advice)
    if missing:
        extra = [name for name in names if name not in expected]
        known = f", but unknown {_columns(extra)}" if extra else ""
        found = f"no {_columns(missing)} in {header}{known}"
        raise RefusedFileError(file_name, found, f"all {len(expected)} columns", advice)
    ours = {*expected, *layout.every_column}
    twice = sorted({name for name in ours if names.count(name) > 1})
    if twice:
        found = f"{_columns(twice)} more than once in {header}"
        raise RefusedFileError(file_name, found, "each column once", "ask the sender which to use")


def _columns(names: list[str]) -> str:
    return ("column " if len(names) == 1 else "columns ") + ", ".join(names)


def _refuse_if_cut_short(layout: Layout, file_name: str, lines: Lines) -> None:
    if layout.ends_with_line_end and not lines.ends_with_line_end:
        raise RefusedFileError(
            file_name,
            f"row {int(lines.numbers[-1])} without a line end",
            "a line end after the last row",
            f"the file was cut short: {ASK_AGAIN}",
        )


def _refuse_if_mostly_broken(file_name: str, broken: int, rows: int, fields: int) -> None:
    if 2 * broken > rows:
        what = f"{fields} fields a row" if fields else "lines as the layout has them"
        raise RefusedFileError(
            file_name,
            f"{broken} of {rows} rows whose fields cannot be told apart",
            what,
            "check the delimiter and the quotation marks",
        )


def _parsed(
    layout: Layout, table: str, lines: Lines, is_data: Flags, names: list[str]
) -> tuple[pa.Table, list[BrokenRow]]:
    """Parse the chosen records; those without the right number of fields come back apart."""
    broken = [
        _broken(table, lines, int(index), "quotation marks or line ends inside a row")
        for index in np.flatnonzero(is_data & lines.is_broken)
    ]
    indexes = np.flatnonzero(is_data & ~lines.is_broken)
    refused: list[int] = []

    def set_aside(row: csv_reader.InvalidRow) -> str:
        refused.append(row.number - 1)
        kind = f"{row.actual_columns} fields, expected {row.expected_columns}"
        broken.append(_broken(table, lines, int(indexes[row.number - 1]), kind))
        return "skip"

    used = set(layout.used_columns(table))
    wanted = [name for name in names if name in used]
    parsed = _fields(layout, lines.taken(is_data & ~lines.is_broken), names, wanted, set_aside)
    kept = np.delete(indexes, refused) if refused else indexes
    if parsed.num_rows != len(kept):
        raise RowsDoNotAddError(len(kept), parsed.num_rows)
    return parsed.append_column("source_row", pa.array(lines.numbers[kept])), broken


def _fields(
    layout: Layout,
    text: bytes,
    names: list[str],
    wanted: list[str],
    set_aside: Callable[[csv_reader.InvalidRow], str],
) -> pa.Table:
    """Return the wanted columns as text; `set_aside` gets rows with other numbers of fields."""
    if not text:
        return pa.table({name: pa.array([], pa.string()) for name in wanted})
    return csv_reader.read_csv(
        pa.BufferReader(text),
        read_options=csv_reader.ReadOptions(
            column_names=[name or f"unnamed {place}" for place, name in enumerate(names)],
            use_threads=False,
            block_size=len(text) + 1,
        ),
        parse_options=csv_reader.ParseOptions(
            delimiter=layout.delimiter,
            quote_char=layout.quote or False,
            newlines_in_values=layout.has_line_breaks_in_values,
            invalid_row_handler=set_aside,
        ),
        convert_options=csv_reader.ConvertOptions(
            column_types={name: pa.string() for name in wanted},
            include_columns=wanted,
            strings_can_be_null=False,
        ),
    )


class RowsDoNotAddError(Exception):
    """The field parser saw other rows than the line count; the delivery is refused."""

    def __init__(self, counted: int, parsed: int) -> None:
        super().__init__(f"{counted} rows by line count, {parsed} by field parser")


def _broken(table: str, lines: Lines, index: int, kind: str) -> BrokenRow:
    row = int(lines.numbers[index])
    return BrokenRow(table, row, "field_count", None, kind, lines.text(index))


def _has_tag(lines: Lines, tag: str, delimiter: str) -> Flags:
    prefix = (tag + delimiter).encode()
    array = np.frombuffer(lines.content, dtype=np.uint8)
    found: Flags = (lines.stops - lines.starts) >= len(prefix)
    for offset, byte in enumerate(prefix):
        found &= array[np.minimum(lines.starts + offset, len(array) - 1)] == byte
    return found


def _header_facts(layout: Layout, file_name: str, lines: Lines) -> HeaderFacts:
    assert layout.header
    shape = "|".join([layout.header.tag, *layout.header.fields])
    first = np.flatnonzero(~lines.is_blank)
    parts = lines.text(int(first[0])).split(layout.delimiter) if len(first) else []
    if len(parts) != len(layout.header.fields) + 1 or parts[0] != layout.header.tag:
        raise RefusedFileError(file_name, "no header line", shape, ASK_AGAIN)
    said = dict(zip(layout.header.fields, parts[1:], strict=True))
    month = said.get("yyyymm") or said.get("yyyy-mm")
    if month is not None and parse_month(month) is None:
        raise RefusedFileError(file_name, "no month in the header line", shape, ASK_AGAIN)
    produced = said.get("produced_at")
    produced_at = parse_produced(produced or "")
    if produced is not None and produced_at is None:
        raise RefusedFileError(
            file_name, "no time of production in the header line", "20261101T093000", ASK_AGAIN
        )
    districts = [said[name] for name in said if name.startswith("district_")]
    return HeaderFacts(districts[0] if districts else None, month, produced_at)


def _trailer_totals(layout: Layout, file_name: str, lines: Lines) -> list[int]:
    assert layout.trailer
    filled = np.flatnonzero(~lines.is_blank)
    last = lines.text(int(filled[-1])).split(layout.delimiter)
    totals = [part for part in last[1:] if part.removeprefix("-").isdigit() and part.isascii()]
    is_whole = lines.ends_with_line_end or not layout.ends_with_line_end
    if last[0] != layout.trailer.tag or len(totals) != len(layout.trailer.fields) or not is_whole:
        raise RefusedFileError(
            file_name,
            "no trailer line at its end",
            f"a line {layout.trailer.tag} with {len(layout.trailer.fields)} totals",
            f"the file was cut short: {ASK_AGAIN}",
        )
    return [int(total) for total in totals]
