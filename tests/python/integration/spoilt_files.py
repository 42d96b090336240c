"""Ways in which a file goes wrong so that its identifiers stand where others are expected.

Each takes the lines of a file, as cells, and gives them back spoilt: what a loader says of such a
file, and what it lands or sets aside of it, must still hold no identifier.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Cells = list[list[str]]
Spoil = Callable[[Cells], Cells]


@dataclass(frozen=True)
class Written:
    """How a file is written: what parts its cells, in which encoding, and how a line ends."""

    delimiter: str
    encoding: str
    end: str

    @classmethod
    def of(cls, content: bytes) -> Written:
        """Tell how a made-up file is written; it never lies about it."""
        try:
            text, encoding = content.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            text, encoding = content.decode("cp1252"), "cp1252"
        lines = text.splitlines()
        middle = lines[len(lines) // 2]
        return cls(max(",|;\t", key=middle.count), encoding, "\r\n" if "\r\n" in text else "\n")

    def cells(self, content: bytes) -> Cells:
        """Return the cells of a file."""
        text = content.decode(self.encoding)
        if self.delimiter == "|":
            return [line.split(self.delimiter) for line in text.splitlines()]
        return list(csv.reader(io.StringIO(text), delimiter=self.delimiter))

    def content(self, cells: Cells) -> bytes:
        """Return a file of these cells."""
        if self.delimiter == "|":
            lines = (self.delimiter.join(row) + self.end for row in cells)
            return "".join(lines).encode(self.encoding, errors="replace")
        text = io.StringIO()
        csv.writer(text, delimiter=self.delimiter, lineterminator=self.end).writerows(cells)
        return text.getvalue().encode(self.encoding, errors="replace")


def without_its_first_lines(cells: Cells) -> Cells:
    """Data where the header should be, below any title lines."""
    return cells[4:]


def one_column_to_the_right(cells: Cells) -> Cells:
    """Every value under its neighbour's name, the tag of a tagged line left where it is."""
    return [_turned(row, 1) for row in cells]


def one_column_to_the_left(cells: Cells) -> Cells:
    """The same, the other way."""
    return [_turned(row, -1) for row in cells]


def _turned(row: list[str], by: int) -> list[str]:
    first = 1 if len(row[0]) == 1 and row[0].isalpha() else 0
    rest = row[first:]
    return [*row[:first], *rest[-by:], *rest[:-by]] if rest else row


def the_header_turned(cells: Cells) -> Cells:
    """The header moved by one above data that stays; title lines move too, which does no harm."""
    return [_turned(row, 1) if n < 5 else row for n, row in enumerate(cells)]


def a_stranger_in_every_column(cells: Cells) -> Cells:
    """One cell a row takes another's text: each column gets the text of every other in turn."""
    spoilt = []
    for number, row in enumerate(cells):
        row = list(row)
        if number > 4 and len(row) > 3:
            width = len(row) - 1
            at, source = 1 + number % width, 1 + (number // width + number * 3) % width
            row[at] = row[source]
        spoilt.append(row)
    return spoilt


def all_cells_joined(cells: Cells) -> Cells:
    """Each row as one cell, as if another delimiter had been meant."""
    return [[" ".join(row)] for row in cells]


def every_row_twice(cells: Cells) -> Cells:
    """A file appended to itself: keys repeat."""
    return [*cells, *cells[1:]]


def a_first_cell_of_names(cells: Cells) -> Cells:
    """The first cell of each row is what the fourth says: unknown tags and odd header lines."""
    return [[row[3], *row[1:]] if len(row) > 3 else row for row in cells]


def cells_with_odd_characters(cells: Cells) -> Cells:
    """Control characters, line ends and quotation marks among the names."""
    odd = ["\x00", "\x1f", '"', "\u202e", "\t"]
    return [
        [cell + odd[(n + m) % len(odd)] if n % 7 == 0 else cell for m, cell in enumerate(row)]
        for n, row in enumerate(cells)
    ]


SPOILS: tuple[Spoil, ...] = (
    without_its_first_lines, one_column_to_the_right, one_column_to_the_left, the_header_turned,
    a_stranger_in_every_column, all_cells_joined, every_row_twice, a_first_cell_of_names,
    cells_with_odd_characters,
)  # fmt: skip


def cut_in_a_row(content: bytes) -> bytes:
    """The file ends in the middle of a row."""
    return content[: len(content) * 2 // 3]


def in_utf_16(content: bytes) -> bytes:
    """The file in another encoding."""
    return content.decode("cp1252", errors="replace").encode("utf-16")


def a_quotation_mark_left_open(content: bytes) -> bytes:
    """All that follows the mark is one cell."""
    half = content.find(b"\n", len(content) // 2)
    return content[: half + 1] + b'"' + content[half + 1 :]


SPOILT_BYTES: tuple[Callable[[bytes], bytes], ...] = (
    cut_in_a_row, in_utf_16, a_quotation_mark_left_open,
)  # fmt: skip


WAYS = [way.__name__ for way in (*SPOILS, *SPOILT_BYTES)]


def spoil(path: Path, name: str) -> None:
    """Spoil a text file in the way of this name."""
    content = path.read_bytes()
    for way in SPOILT_BYTES:
        if way.__name__ == name:
            path.write_bytes(way(content))
    for way in SPOILS:
        if way.__name__ == name:
            written = Written.of(content)
            path.write_bytes(written.content(way(written.cells(content))))
