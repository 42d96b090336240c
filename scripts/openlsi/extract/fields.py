"""Chosen lines to columns of text, and the lines whose fields cannot be told apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv_reader

from openlsi.extract.layouts import Layout
from openlsi.extract.lines import Flags, Lines


@dataclass(frozen=True)
class BrokenRow:
    """A row whose fields cannot be told apart. `text` goes to the vault and nowhere else."""

    table: str
    row: int
    reason: str
    column_name: str | None
    value_kind: str
    text: str


class RowsDoNotAddError(Exception):
    """The field parser saw other rows than the line count; the delivery is refused."""

    def __init__(self, counted: int, parsed: int) -> None:
        super().__init__(f"{counted} rows by line count, {parsed} by field parser")


def parsed_rows(
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


def _broken(table: str, lines: Lines, index: int, kind: str) -> BrokenRow:
    row = int(lines.numbers[index])
    return BrokenRow(table, row, "field_count", None, kind, lines.text(index))


def with_absent(layout: Layout, table: str, rows: pa.Table) -> pa.Table:
    """Return the columns that anything is made of; those that the file lacks are empty."""
    wanted = layout.used_columns(table)
    nothing = pa.repeat(pa.scalar("", pa.string()), rows.num_rows)
    present = set(rows.column_names)
    return pa.table(
        {name: rows[name] if name in present else nothing for name in [*wanted, "source_row"]}
    )


def starts_with_any(layout: Layout, lines: Lines, values: list[str]) -> Flags:
    found = np.zeros(len(lines), dtype=np.bool_)
    for value in values:
        found |= starts_with(lines, value, layout.delimiter)
        if layout.quote:
            found |= starts_with(lines, f"{layout.quote}{value}{layout.quote}", layout.delimiter)
    return found


def starts_with(lines: Lines, tag: str, delimiter: str) -> Flags:
    prefix = (tag + delimiter).encode()
    array = np.frombuffer(lines.content, dtype=np.uint8)
    found: Flags = (lines.stops - lines.starts) >= len(prefix)
    for offset, byte in enumerate(prefix):
        found &= array[np.minimum(lines.starts + offset, len(array) - 1)] == byte
    return found


def unknown_kinds(lines: Lines, chosen: Flags) -> list[BrokenRow]:
    return [
        BrokenRow(
            "", int(lines.numbers[index]), "unknown_code", "record type", "unknown tag",
            lines.text(index),
        )
        for index in np.flatnonzero(chosen).tolist()
    ]  # fmt: skip
