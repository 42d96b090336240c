"""Delimited and tagged files to tables of text: explicit dialect and columns, nothing guessed."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openlsi.extract.decoding import decoded
from openlsi.extract.fields import (
    BrokenRow,
    parsed_rows,
    starts_with,
    starts_with_any,
    unknown_kinds,
    with_absent,
)
from openlsi.extract.headers import (
    HeaderFacts,
    check_told_rows,
    header_facts,
    header_index,
    header_names,
    told_rows,
    trailer_totals,
)
from openlsi.extract.layout_files import PARENT_ROW_ID, ROW_ID, RowTypes
from openlsi.extract.layouts import Layout
from openlsi.extract.lines import Flags, Lines, Positions, cut
from openlsi.extract.refusals import ASK_AGAIN, RefusedFileError


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
    header = header_index(lines, file, file_name)
    names = header_names(layout, file, file_name, lines, header)
    is_data = ~lines.is_blank
    is_data[: header + 1] = False
    _refuse_if_cut_short(layout, file_name, lines)
    kinds = file.row_types
    total = kinds.total if kinds else None
    told = told_rows(layout, total, file_name, lines) if total else 0
    if total:
        is_data[np.flatnonzero(is_data)[-1:]] = False
    if not is_data.any() and not file.may_be_empty:
        raise RefusedFileError(file_name, "no rows under the header", "rows", ASK_AGAIN)
    if kinds is None:
        rows, broken = parsed_rows(layout, table, lines, is_data, names)
        tables = {table: RawTable(file_name, with_absent(layout, table, rows), lines)}
    else:
        is_data &= ~starts_with_any(layout, lines, kinds.ignored)
        tables, broken = _kinds_of_rows(layout, kinds, file_name, lines, is_data, names)
    if total:
        unknown = sum(not row.table for row in broken)
        check_told_rows(file_name, total, told, int(is_data.sum()), unknown)
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
        table: is_data & starts_with_any(layout, lines, values)
        for table, values in kinds.tables.items()
    }
    for table, is_own in of_kind.items():
        seen |= is_own
        rows, broken_here = parsed_rows(layout, table, lines, is_own, names)
        broken += broken_here
        rows = rows.append_column(ROW_ID, rows["source_row"].cast(pa.string()))
        if table in kinds.children:
            # A parent that cannot be read still ends what hangs below the one before it.
            parents = lines.numbers[of_kind[kinds.children[table]]]
            rows = rows.append_column(PARENT_ROW_ID, _rows_above(rows["source_row"], parents))
        tables[table] = RawTable(file_name, with_absent(layout, table, rows), lines)
    return tables, broken + unknown_kinds(lines, is_data & ~seen)


def _rows_above(numbers: pa.ChunkedArray, parents: Positions) -> pa.Array:
    """Return for each row the number of the last parent row above it, as text; empty for none."""
    place = np.searchsorted(parents, numbers.to_numpy(), side="right") - 1
    above = pa.array(parents[np.maximum(place, 0)] if len(parents) else place).cast(pa.string())
    return pc.if_else(pa.array(place >= 0), above, "")


def read_tagged(layout: Layout, file_name: str, content: bytes) -> RawDelivery:
    """Return the tables of a file whose lines begin with a tag, its header and its trailer."""
    lines = _lines(layout, file_name, content)
    is_data = ~lines.is_blank
    facts, trailer = HeaderFacts(), []
    if layout.header:
        facts = header_facts(layout, file_name, lines)
        is_data[np.flatnonzero(is_data)[:1]] = False
    if layout.trailer:
        trailer = trailer_totals(layout, file_name, lines)
        is_data[np.flatnonzero(is_data)[-1:]] = False
    tables, broken, seen = {}, [], np.zeros(len(lines), dtype=np.bool_)
    for name, line in layout.lines.items():
        tagged = is_data & starts_with(lines, line.tag, layout.delimiter)
        seen |= tagged
        rows, broken_here = parsed_rows(layout, name, lines, tagged, ["", *line.columns])
        tables[name] = RawTable(file_name, rows, lines)
        broken += broken_here
    broken += unknown_kinds(lines, is_data & ~seen)
    if not is_data.any() and not next(iter(layout.files.values())).may_be_empty:
        raise RefusedFileError(file_name, "no data lines", "data lines", ASK_AGAIN)
    _refuse_if_mostly_broken(file_name, len(broken), int(is_data.sum()), 0)
    return RawDelivery(tables, len(lines), len(lines) - int(is_data.sum()), broken, facts, trailer)


def _lines(layout: Layout, file_name: str, content: bytes) -> Lines:
    text = decoded(file_name, content, layout.encoding)
    if not text:
        raise RefusedFileError(file_name, "an empty file", "data", ASK_AGAIN)
    return cut(file_name, text, layout.delimiter, layout.quote, layout.has_line_breaks_in_values)


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
