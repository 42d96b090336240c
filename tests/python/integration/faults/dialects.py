"""Faults of how a text is cut into rows and fields: delimiters, quotation marks, line ends."""

from __future__ import annotations

from faults.edited import Edited, whole
from faults.rows import (
    Row,
    cells,
    changed_rows,
    joined,
    last_row,
    line_end,
    value,
    with_bytes,
    with_value,
)
from faults.sample import Files, Sample


def delimited_by(sample: Sample, files: Files, delimiter: str) -> Edited:
    def again(rows: list[Row]) -> list[Row]:
        return [
            delimiter.join(cells(sample, row)).encode(sample.form.encoding) + line_end(row)
            for row in rows
        ]

    return Edited(changed_rows(sample, files, again))


def with_text_in_a_value(sample: Sample, files: Files, form: str) -> Edited:
    """Put a text into a free value as it is, without quoting what needs it."""
    was = value(sample, files, "free")
    text = form.format(first=was[:1], rest=was[1:], delimiter=sample.form.delimiter)
    return Edited(with_bytes(sample, files, "free", text.encode(sample.form.encoding)))


def with_line_ends(sample: Sample, files: Files, ends: list[str]) -> Edited:
    """End the lines of the file with each of these in turn."""

    def again(rows: list[Row]) -> list[Row]:
        lines = [row.rstrip(b"\r\n") for row in rows]
        return [line + ends[number % len(ends)].encode() for number, line in enumerate(lines)]

    return Edited(changed_rows(sample, files, again))


def with_delimiter_at_every_end(sample: Sample, files: Files) -> Edited:
    def again(rows: list[Row]) -> list[Row]:
        return [_longer(sample, row) for row in rows]

    return Edited(changed_rows(sample, files, again))


def with_delimiter_at_one_end(sample: Sample, files: Files) -> Edited:
    return _with_row(sample, files, sample.row)


def with_a_late_extra_field(sample: Sample, files: Files) -> Edited:
    """Add a field to the last row that is read, where nobody who guesses looks."""
    return _with_row(sample, files, 0)


def with_a_short_row(sample: Sample, files: Files) -> Edited:
    def again(rows: list[Row]) -> list[Row]:
        at = sample.row - 1
        short = joined(sample, cells(sample, rows[at])[:-2], rows[at])
        return [*rows[:at], short, *rows[at + 1 :]]

    return Edited(changed_rows(sample, files, again))


def with_a_long_value(sample: Sample, files: Files, length: int) -> Edited:
    """Pad a free value with blanks to a line of megabytes."""
    was = value(sample, files, "free")
    return Edited(with_value(sample, files, "free", was + " " * length))


def of_bytes(sample: Sample, files: Files, content: str) -> Edited:
    return whole(sample, files, lambda _: bytes.fromhex(content))


def _longer(sample: Sample, line: Row) -> Row:
    longer: bytes = line.rstrip(b"\r\n") + sample.form.delimiter.encode() + line_end(line)
    return longer


def _with_row(sample: Sample, files: Files, number: int) -> Edited:
    def again(rows: list[Row]) -> list[Row]:
        at = (number or last_row(sample, rows)) - 1
        return [*rows[:at], _longer(sample, rows[at]), *rows[at + 1 :]]

    return Edited(changed_rows(sample, files, again))
