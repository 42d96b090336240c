"""Faults of what a file is made up of: headers, trailers, totals, columns, rows left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from faults.edited import Edited, whole
from faults.rows import (
    Row,
    cells,
    changed_rows,
    column_at,
    is_of_record,
    joined,
)
from faults.sample import Files, Sample


def _rows(sample: Sample, files: Files, change: Callable[[list[Row]], list[Row]]) -> Edited:
    return Edited(changed_rows(sample, files, change))


def header_only(sample: Sample, files: Files) -> Edited:
    """Leave what frames the rows, its totals at nil."""

    def kept(rows: list[Row]) -> list[Row]:
        if sample.form.format != "tagged":
            return rows[: sample.header_row]
        return [rows[0], _with_totals(sample, rows[-1], [0] * len(_totals(sample, rows[-1])))]

    return _rows(sample, files, kept)


def without_header(sample: Sample, files: Files) -> Edited:
    at = max(sample.header_row, 1)
    return _rows(sample, files, lambda rows: [*rows[: at - 1], *rows[at:]])


def with_title_lines(sample: Sample, files: Files) -> Edited:
    titles = ("Extract of October", "for the county")
    if sample.form.format == "workbook":
        return _rows(sample, files, lambda rows: [*((one,) for one in titles), *rows])
    return _rows(sample, files, lambda rows: [*(f"{one}\n".encode() for one in titles), *rows])


def with_blank_rows(sample: Sample, files: Files) -> Edited:
    """Put a blank row in below the header, among the rows and at the end."""
    first = max(sample.header_row, 1)
    return _rows(
        sample,
        files,
        lambda rows: [
            *rows[:first], _blank(sample, rows[0]), *rows[first : sample.row - 1],
            _blank(sample, rows[0]), *rows[sample.row - 1 :],
            *([] if sample.form.format == "workbook" else [_blank(sample, rows[0])]),
        ],
    )  # fmt: skip


def _blank(sample: Sample, like: Row) -> Row:
    if sample.form.format == "workbook":
        return ()
    return joined(sample, [], like)


def with_the_header_again(sample: Sample, files: Files) -> Edited:
    """Put the first row, or that of the columns' names, in where the spoilt row is."""
    header, at = max(sample.header_row, 1) - 1, sample.row - 1
    return _rows(sample, files, lambda rows: [*rows[:at], rows[header], *rows[at:]])


def with_a_totals_row(sample: Sample, files: Files) -> Edited:
    """Put a row of totals below the rows, above a trailer."""

    def again(rows: list[Row]) -> list[Row]:
        last = len(rows) - (1 if sample.is_framed else 0)
        width = len(cells(sample, rows[sample.row - 1]))
        total = joined(sample, ["Total", *[""] * (width - 2), "123.45"], rows[0])
        return [*rows[:last], total, *rows[last:]]

    return _rows(sample, files, again)


def with_trailer(sample: Sample, files: Files, rows: int, pence: int) -> Edited:
    """Tell so many rows and pence too many in the trailer; add one where the layout has none."""

    def again(lines: list[Row]) -> list[Row]:
        if sample.form.format == "tagged":
            assert sample.form.trailer
            more = [
                rows if field.count == sample.record else pence if field.sum else 0
                for field in sample.form.trailer.fields
            ]
            told = [was + one for was, one in zip(_totals(sample, lines[-1]), more, strict=True)]
            return [*lines[:-1], _with_totals(sample, lines[-1], told)]
        kinds = sample.main.row_types
        if kinds and kinds.total:
            return [
                *lines[:-1],
                _with_totals(sample, lines[-1], [_totals(sample, lines[-1])[0] + rows]),
            ]
        if sample.form.format == "workbook":
            return [*lines, ("T|1|0|0",)]
        return [*lines, b"T|1|0|0" + (b"\r\n" if lines[0].endswith(b"\r\n") else b"\n")]

    return _rows(sample, files, again)


def _totals(sample: Sample, trailer: Row) -> list[int]:
    return [int(total) for total in cells(sample, trailer)[1:]]


def _with_totals(sample: Sample, trailer: Row, totals: list[int]) -> Row:
    return joined(sample, [cells(sample, trailer)[0], *map(str, totals)], trailer)


def cut_short(sample: Sample, files: Files, left_out: int) -> Edited:
    return whole(sample, files, lambda content: content[:-left_out])


def cut_at_a_line_end(sample: Sample, files: Files) -> Edited:
    return _rows(sample, files, lambda rows: rows[:-1])


def with_columns(sample: Sample, files: Files, change: str) -> Edited:
    """Write the columns of every row turned round, with one more, without one, or renamed."""
    code = column_at(sample, sample.mapping.driving, sample.a_column, files[sample.file])
    # The column that tells the kind of row stays where it is.
    first = 1 if sample.tag else 0

    def turned(values: list[Any], is_header: bool) -> list[Any]:
        if change == "turned round":
            return values[:first] + values[first:][::-1]
        if change == "one more":
            return [*values, "Extra" if is_header else "x"]
        if change == "one less":
            return values[:code] + values[code + 1 :]
        if change == "renamed":
            return [*values[:code], "Another name", *values[code + 1 :]] if is_header else values
        return [*values, values[code]]  # twice

    def again(rows: list[Row]) -> list[Row]:
        return [
            row if number < sample.header_row or not _has_columns(sample, row, number)
            else joined(sample, turned(cells(sample, row), number == sample.header_row), row)
            for number, row in enumerate(rows, 1)
        ]  # fmt: skip

    return _rows(sample, files, again)


def _has_columns(sample: Sample, row: Row, number: int) -> bool:
    if number == sample.header_row:
        return True
    if sample.form.format == "tagged":
        return is_of_record(sample, row)
    kinds = sample.main.row_types
    return not (kinds and kinds.total and cells(sample, row)[0] == kinds.total)
