"""The faults themselves: each makes spoilt files of a feed's clean ones."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from faults.base_files import Feed, Files, Place


@dataclass(frozen=True)
class Edited:
    """Spoilt files, and the clean ones that they must read as (None for the feed's own)."""

    files: Files
    same_as: Files | None = None


Edit = Callable[..., Edited]


def _lines(content: bytes) -> list[bytes]:
    return content.splitlines(keepends=True)


def _end(line: bytes) -> bytes:
    return line[len(line.rstrip(b"\r\n")) :]


def _cells(feed: Feed, line: bytes) -> list[str]:
    text = line.rstrip(b"\r\n").decode(feed.form.encoding)
    if feed.form.quote is None:
        return text.split(feed.form.delimiter)
    return next(csv.reader([text], delimiter=feed.form.delimiter))


def _joined(feed: Feed, cells: list[str], end: bytes) -> bytes:
    if feed.form.quote is None:
        text = feed.form.delimiter.join(cells)
    else:
        row = io.StringIO()
        csv.writer(row, delimiter=feed.form.delimiter, lineterminator="").writerow(cells)
        text = row.getvalue()
    return text.encode(feed.form.encoding) + end


def _column(feed: Feed, place: Place, content: bytes) -> int:
    if feed.has_header:
        return _cells(feed, _lines(content)[0]).index(place.column)
    return feed.form.lines["award"].columns.index(place.column) + 1


def file_of(feed: Feed, role: str) -> str:
    """Return the name of the file in which something of a role is told."""
    return feed.places[role].file or feed.file


def row_of(feed: Feed, files: Files, role: str) -> int:
    """Return the physical row in which something of the spoilt row's is told."""
    name = file_of(feed, role)
    if name == feed.file:
        return feed.row
    reference = _cells(feed, _lines(files[feed.file])[feed.row - 1])[0]
    rows = [_cells(feed, line)[0] for line in _lines(files[name])]
    return rows.index(reference) + 1


def value(feed: Feed, files: Files, role: str) -> str:
    """Return what stands in the spoilt row."""
    content = files[file_of(feed, role)]
    line = _lines(content)[row_of(feed, files, role) - 1]
    return _cells(feed, line)[_column(feed, feed.places[role], content)]


def pounds(feed: Feed, files: Files, role: str, row: int | None = None) -> Decimal:
    """Return the control pounds that a row tells, of an amount as its layout writes it."""
    name = file_of(feed, role)
    at = row if row is not None and name == feed.file else row_of(feed, files, role)
    if row is not None and name != feed.file:
        reference = _cells(feed, _lines(files[feed.file])[row - 1])[0]
        rows = [_cells(feed, line)[0] for line in _lines(files[name])]
        at = rows.index(reference) + 1
    cells = _cells(feed, _lines(files[name])[at - 1])
    if not feed.has_header and cells[0] != "A":
        return Decimal(0)
    text = cells[_column(feed, feed.places[role], files[name])]
    amount = Decimal(text.replace("£", "").replace(",", "") or "0")
    if feed.form.money == "pence":
        return amount / 100
    # What is owed stands below nil in this sender's balances.
    return -amount if feed.places[role].column == "CurrentBalance" else amount


def with_value(feed: Feed, files: Files, role: str, text: str, row: int | None = None) -> Files:
    """Return the files with another text of a role in one row, written as its layout writes."""
    name = file_of(feed, role)
    lines = _lines(files[name])
    at = (row or row_of(feed, files, role)) - 1
    cells = _cells(feed, lines[at])
    cells[_column(feed, feed.places[role], files[name])] = text
    lines[at] = _joined(feed, cells, _end(lines[at]))
    return files | {name: b"".join(lines)}


_MARK = "XMARKX"


def with_bytes(feed: Feed, files: Files, role: str, raw: bytes) -> Files:
    """Return the files with these bytes for a value, whatever they do to the row."""
    name = file_of(feed, role)
    marked = with_value(feed, files, role, _MARK)[name]
    return files | {name: marked.replace(_MARK.encode(), raw)}


def last_row(feed: Feed, lines: list[bytes]) -> int:
    """Return the physical row of the last record that is read."""
    kinds = {"housing_benefit": b"D,", "universal_credit": b"D|"}.get(feed.name, b"")
    return max(number for number, line in enumerate(lines, 1) if line.startswith(kinds))


def _whole(feed: Feed, files: Files, change: Callable[[bytes], bytes]) -> Edited:
    return Edited(files | {feed.file: change(files[feed.file])})


def _row(feed: Feed, files: Files, change: Callable[[bytes], bytes], row: int = 0) -> Edited:
    lines = _lines(files[feed.file])
    at = (row or feed.row) - 1
    lines[at] = change(lines[at])
    return Edited(files | {feed.file: b"".join(lines)})


# Encoding.


def begun_with(feed: Feed, files: Files, mark: str) -> Edited:
    return _whole(feed, files, lambda content: bytes.fromhex(mark) + content)


def ended_with(feed: Feed, files: Files, mark: str) -> Edited:
    return _whole(feed, files, lambda content: content + bytes.fromhex(mark))


def in_encoding(feed: Feed, files: Files, encoding: str, mark: str) -> Edited:
    return _whole(
        feed,
        files,
        lambda content: bytes.fromhex(mark) + content.decode(feed.form.encoding).encode(encoding),
    )


def with_curly_apostrophe(feed: Feed, files: Files) -> Edited:
    return Edited(
        with_bytes(feed, files, "name", b"O\x92Brien"),
        with_value(feed, files, "name", "O'Brien"),
    )


def with_two_encodings(feed: Feed, files: Files) -> Edited:
    spoilt = with_bytes(feed, files, "name", "Zoë".encode("cp1252") + b"A" + "Zoë".encode())
    return Edited(spoilt)


def with_raw(feed: Feed, files: Files, role: str, text: str) -> Edited:
    """Put bytes, written as hex, in place of a value."""
    return Edited(with_bytes(feed, files, role, bytes.fromhex(text)))


def with_unseen(feed: Feed, files: Files, role: str, before: str, after: str) -> Edited:
    was = value(feed, files, role)
    return Edited(with_value(feed, files, role, before + was + after))


# Dialect.


def delimited_by(feed: Feed, files: Files, delimiter: str) -> Edited:
    def again(content: bytes) -> bytes:
        rows = [(_cells(feed, line), _end(line)) for line in _lines(content)]
        return b"".join(delimiter.join(row).encode(feed.form.encoding) + end for row, end in rows)

    return _whole(feed, files, again)


def with_text_in_a_value(feed: Feed, files: Files, form: str) -> Edited:
    """Put a text into a free value as it is, without quoting what needs it."""
    was = value(feed, files, "free")
    text = form.format(first=was[:1], rest=was[1:], delimiter=feed.form.delimiter)
    return Edited(with_bytes(feed, files, "free", text.encode(feed.form.encoding)))


def with_line_ends(feed: Feed, files: Files, ends: list[str]) -> Edited:
    """End the lines of the file with each of these in turn."""

    def again(content: bytes) -> bytes:
        lines = [line.rstrip(b"\r\n") for line in _lines(content)]
        return b"".join(
            line + ends[number % len(ends)].encode() for number, line in enumerate(lines)
        )

    return _whole(feed, files, again)


def with_delimiter_at_every_end(feed: Feed, files: Files) -> Edited:
    def again(content: bytes) -> bytes:
        return b"".join(_longer(feed, line) for line in _lines(content))

    return _whole(feed, files, again)


def _longer(feed: Feed, line: bytes) -> bytes:
    return line.rstrip(b"\r\n") + feed.form.delimiter.encode() + _end(line)


def with_delimiter_at_one_end(feed: Feed, files: Files) -> Edited:
    return _row(feed, files, lambda line: _longer(feed, line))


def with_a_short_row(feed: Feed, files: Files) -> Edited:
    def short(line: bytes) -> bytes:
        return _joined(feed, _cells(feed, line)[:-2], _end(line))

    return _row(feed, files, short)


def with_a_long_value(feed: Feed, files: Files, length: int) -> Edited:
    """Pad a free value with blanks to a line of megabytes."""
    was = value(feed, files, "free")
    return Edited(with_value(feed, files, "free", was + " " * length))


def with_a_late_extra_field(feed: Feed, files: Files) -> Edited:
    """Add a field to the last row that is spoken of, where nobody who guesses looks."""
    lines = _lines(files[feed.file])
    return _row(feed, files, lambda line: _longer(feed, line), last_row(feed, lines))


# Structure.


def of_bytes(feed: Feed, files: Files, content: str) -> Edited:
    return _whole(feed, files, lambda _: bytes.fromhex(content))


def header_only(feed: Feed, files: Files) -> Edited:
    def kept(content: bytes) -> bytes:
        lines = _lines(content)
        trailer = b"T|0|0|0\r\n" if feed.form.trailer else b""
        return lines[0] + trailer

    return _whole(feed, files, kept)


def without_header(feed: Feed, files: Files) -> Edited:
    return _whole(feed, files, lambda content: b"".join(_lines(content)[1:]))


def with_title_lines(feed: Feed, files: Files) -> Edited:
    return _whole(feed, files, lambda content: b"Extract of October\nfor the county\n" + content)


def with_lines_put_in(feed: Feed, files: Files, rows: dict[int, str]) -> Edited:
    """Put lines in before physical rows, by row; `{header}` stands for the first line."""
    lines = _lines(files[feed.file])
    end = _end(lines[0])
    header = lines[0].rstrip(b"\r\n")
    for row in sorted(rows, reverse=True):
        text = rows[row].encode().replace(b"{header}", header)
        lines.insert(row - 1 if row > 0 else len(lines), text + end)
    return Edited(files | {feed.file: b"".join(lines)})


def with_a_totals_row(feed: Feed, files: Files) -> Edited:
    lines = _lines(files[feed.file])
    last = len(lines) - (0 if feed.has_header else 1)
    width = len(_cells(feed, lines[feed.row - 1]))
    total = _joined(feed, ["Total", *[""] * (width - 2), "123.45"], _end(lines[0]))
    return Edited(files | {feed.file: b"".join([*lines[:last], total, *lines[last:]])})


def with_trailer(feed: Feed, files: Files, trailer: str) -> Edited:
    """Put a trailer in place of the file's own, or add one where there is none."""
    lines = _lines(files[feed.file])
    kept = lines if feed.has_header else lines[:-1]
    rows, pence, deductions = (
        (0, 0, 0) if feed.has_header else map(int, lines[-1].decode().strip().split("|")[1:])
    )
    text = trailer.format(rows=rows, one_more=rows + 1, pence=pence, penny_more=pence + 1,
                          deductions=deductions)  # fmt: skip
    return Edited(files | {feed.file: b"".join(kept) + text.encode() + _end(lines[0])})


def cut_short(feed: Feed, files: Files, left_out: int) -> Edited:
    return _whole(feed, files, lambda content: content[:-left_out])


def cut_at_a_line_end(feed: Feed, files: Files) -> Edited:
    return _whole(feed, files, lambda content: b"".join(_lines(content)[:-1]))


def with_columns(feed: Feed, files: Files, change: str) -> Edited:
    """Write the columns of every row turned round, with one more, without one, or renamed."""

    def again(content: bytes) -> bytes:
        return b"".join(
            _joined(feed, turned(_cells(feed, line), number), _end(line))
            for number, line in enumerate(_lines(content))
        )

    def turned(cells: list[str], number: int) -> list[str]:
        first = 0 if feed.has_header else 1
        if not feed.has_header and cells[0] != "A":
            return cells
        if change == "turned round":
            # The column that tells the kind of row stays where it is.
            first = 1 if feed.name == "housing_benefit" else first
            return cells[:first] + cells[first:][::-1]
        if change == "one more":
            return [*cells, "Extra" if number == 0 else "x"]
        at = _column(feed, feed.places["code"], content_of)
        if change == "one less":
            return cells[:at] + cells[at + 1 :]
        if change == "renamed":
            return [*cells[:at], "Another name", *cells[at + 1 :]] if number == 0 else cells
        return [*cells, cells[at]]  # twice

    content_of = files[feed.file]
    return _whole(feed, files, again)


# Values.


def _written_date(feed: Feed, role: str, year: str, month: str, day: str) -> str:
    """Return a date as the layout writes it, whether there is such a day or not."""
    place = feed.places[role]
    forms = [
        mapping.date_format
        for record in feed.form.records.values()
        for mapping in record.columns.values()
        if mapping.date_format
        and (mapping.source or "").split(".")[-1] == place.column
    ]  # fmt: skip
    form = forms[0] or ""
    for mark, part in (("%Y", year), ("%m", month), ("%d", day), ("%H:%M:%S", "00:00:00")):
        form = form.replace(mark, part)
    return form


def dated(feed: Feed, files: Files, role: str, day: str) -> Edited:
    """Put a day, given as year-month-day, in the layout's own form."""
    return Edited(with_value(feed, files, role, _written_date(feed, role, *day.split("-"))))


def with_text(feed: Feed, files: Files, role: str, text: str) -> Edited:
    return Edited(with_value(feed, files, role, text))


def rewritten(feed: Feed, files: Files, role: str, form: str) -> Edited:
    """Write a value another way: `{value}` as it stands, `{bare}` of digits and sign only."""
    was = value(feed, files, role)
    bare = was.replace("£", "").replace(",", "").lstrip("-")
    spaced = f"{bare[:-2]} {bare[-2:]}"
    comma = bare.replace(".", ",") if "." in bare else f"{bare[:-2]},{bare[-2:]}"
    text = form.format(value=was, bare=bare, lower=was.lower(), joined=was.replace(" ", ""),
                       comma=comma, spaced=spaced, short=was[:-1],
                       no_zeros=was.lstrip("0"))  # fmt: skip
    return Edited(with_value(feed, files, role, text))


def times(feed: Feed, files: Files, role: str, factor: int) -> Edited:
    was = value(feed, files, role)
    more = Decimal(was.replace("£", "").replace(",", "")) * factor
    return Edited(with_value(feed, files, role, ("£" if "£" in was else "") + str(more)))


def day_for_month(feed: Feed, files: Files, role: str) -> Edited:
    """Write 4 March as 3 April would be, which no reader can tell."""
    return Edited(
        dated(feed, files, role, "2026-03-04").files, dated(feed, files, role, "2026-04-03").files
    )


def months_first(feed: Feed, files: Files, role: str, rows: int) -> Edited:
    """Write the dates of some rows month first, each with a day that is no month."""
    for row in range(feed.above, feed.above + rows):
        files = with_value(feed, files, role, f"04/{row + 13:02}/2020", row)
    return Edited(files)


def referred_as_above(feed: Feed, files: Files) -> Edited:
    """Give the row the key of the one above it."""
    for role in ("reference", "begins") if feed.name != "housing_benefit" else ("reference",):
        above = _cells(feed, _lines(files[feed.file])[feed.above - 1])
        text = above[_column(feed, feed.places[role], files[feed.file])]
        files = with_value(feed, files, role, text)
    return Edited(files)


def emptied_reading(feed: Feed, files: Files, role: str, text: str) -> Edited:
    """Put a text that names nobody: the row reads as if nothing stood there."""
    return Edited(with_value(feed, files, role, text), with_value(feed, files, role, ""))
