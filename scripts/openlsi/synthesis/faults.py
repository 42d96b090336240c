"""Dirt planted on purpose, and an exact note of each piece."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openlsi.synthesis.plan import Ints
from openlsi.synthesis.text import Column

# A balance that does not add is out by this much.
SHIFT_PENCE = 1000
_CELL = re.compile(rb"<c(?:/>|[ >].*?</c>)", re.DOTALL)


@dataclass(frozen=True)
class Dialect:
    """How one line falls into fields: `separator` empty means cells of a worksheet row."""

    separator: str
    quote: bool = True
    end: bytes = b"\n"
    encoding: str = "utf-8"
    quotes_all: bool = False

    def split(self, line: bytes) -> list[bytes]:
        """Return the fields of a line as they stand between separators, unquoted."""
        if not self.separator:
            return _CELL.findall(line)
        bare = line[: -len(self.end)]
        if not self.quote:
            return bare.split(self.separator.encode())
        row = next(csv.reader([bare.decode(self.encoding)], delimiter=self.separator))
        return [value.encode(self.encoding) for value in row]

    def whole(self, fields: Sequence[bytes], line: bytes) -> bytes:
        """Return a line of these fields, quoted where a value needs it."""
        if not self.separator:
            cells = _CELL.findall(line)
            return line[: line.index(cells[0])] + b"".join(fields) + b"</row>"
        if not self.quote:
            return self.separator.encode().join(fields) + self.end
        text = io.StringIO()
        words = [value.decode(self.encoding) for value in fields]
        csv.writer(
            text,
            delimiter=self.separator,
            lineterminator="",
            quoting=csv.QUOTE_ALL if self.quotes_all else csv.QUOTE_MINIMAL,
        ).writerow(words)
        return text.getvalue().encode(self.encoding) + self.end


@dataclass
class Table:
    """The data lines of one file, or of one kind of line in a file.

    What is spoilt is gathered and put in place by `finish`: rows with other bytes, rows that come
    twice (at the end), rows left out.
    """

    file_name: str
    columns: list[str]
    lines: Column
    dialect: Dialect
    first_row: int = 2
    changed: dict[int, bytes] = field(default_factory=dict)
    repeated: list[int] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)

    def row_number(self, index: int) -> int:
        """Return the physical row of a line, header lines counted, first row 1."""
        return self.first_row + index - sum(one < index for one in self.dropped)

    def written_rows(self) -> int:
        """Return the physical rows of the table: a claim's members may stand on two lines."""
        if not self.dialect.separator:
            return len(self.lines)
        ends = pc.count_substring(self.lines, self.dialect.end.decode())
        return int(pc.sum(ends).as_py() or 0)

    def finish(self) -> None:
        """Put everything gathered in place."""
        again = self.lines.take(pa.array(self.repeated, pa.int64()))
        if self.changed:
            order = sorted(self.changed)
            mask = np.zeros(len(self.lines), dtype=np.bool_)
            mask[order] = True
            values = pa.array([self.changed[index] for index in order], type=pa.binary())
            self.lines = pc.replace_with_mask(self.lines, pa.array(mask), values)
        if self.repeated:
            self.lines = pa.concat_arrays([self.lines, again])
        if self.dropped:
            keep = np.ones(len(self.lines), dtype=np.bool_)
            keep[self.dropped] = False
            self.lines = self.lines.filter(pa.array(keep))


@dataclass(frozen=True)
class Kind:
    """One way for a row to be bad.

    `how`: set (a field takes `value`), shift (a balance grows by £10), repeat (the row comes
    twice), drop (the row of a look-up table is left out), short or extra (a field too few or too
    many). `table` is where it is done, if not in the record's own table.
    """

    record: str
    reason: str
    column: str
    source_column: str
    how: str = "set"
    value: bytes = b""
    table: str = ""


@dataclass(frozen=True)
class Record:
    """A record as the faults see it.

    `eligible` are the rows that may be spoilt, `pence` the control column (None: it has none),
    `control` the pence lost where a control field cannot be read, `lines` the line of each row
    in look-up tables, `money` how a balance is written.
    """

    table: str
    eligible: Ints
    pence: Ints | None = None
    control: Mapping[str, Ints] = field(default_factory=dict)
    lines: Mapping[str, Ints] = field(default_factory=dict)


@dataclass(frozen=True)
class Planted:
    """One planted fault; rows are read off when the file's lines are final."""

    kind: Kind
    row: int
    table: Table
    line: int
    own_table: Table
    own_line: int
    pence: int


@dataclass(frozen=True)
class Schedule:
    """How many faults of each kind each month holds: a third of months, each kind at least once."""

    counts: Ints

    @classmethod
    def draw(cls, rng: np.random.Generator, kinds: int, months: int) -> Schedule:
        """Draw the counts; one month at random is made certain for each kind."""
        counts = (rng.random((kinds, months)) < 0.33) * rng.choice([1, 1, 2, 3], (kinds, months))
        sure = rng.integers(0, months, kinds)
        counts[np.arange(kinds), sure] = np.maximum(counts[np.arange(kinds), sure], 1)
        return cls(counts.astype(np.int64))


def plant(
    rng: np.random.Generator,
    kinds: Sequence[Kind],
    counts: Ints,
    tables: Mapping[str, Table],
    records: Mapping[str, Record],
) -> list[Planted]:
    """Spoil rows of the tables, one fault a row, and return what was done."""
    wanted = {name: [] for name in records}  # type: dict[str, list[Kind]]
    for kind, count in zip(kinds, counts.tolist(), strict=True):
        wanted[kind.record].extend([kind] * count)
    planted: list[Planted] = []
    for name, record in records.items():
        # Never more than a quarter of the rows, in very small extracts.
        room = len(record.eligible) // 4
        rows = rng.permutation(record.eligible)[: min(len(wanted[name]), room)].tolist()
        for kind, row in zip(
            rng.permutation(np.arange(len(wanted[name]))).tolist(), rows, strict=False
        ):
            planted.append(_spoil(wanted[name][kind], row, record, tables))
    for table in tables.values():
        table.finish()
    return planted


def _spoil(kind: Kind, row: int, record: Record, tables: Mapping[str, Table]) -> Planted:
    own = tables[record.table]
    place = kind.table or record.table
    table = tables[place]
    line = int(record.lines[place][row]) if kind.table else row
    pence = 0 if record.pence is None else int(record.pence[row])
    text = table.lines[line].as_py()
    fields = table.dialect.split(text)
    at = table.columns.index(kind.source_column)
    if kind.how == "repeat":
        end = len(table.lines) + len(table.repeated)
        table.repeated.append(line)
        return Planted(kind, row, table, end, own, end, pence)
    if kind.how == "drop":
        table.dropped.append(line)
        return Planted(kind, row, own, row, own, row, pence)
    if kind.how == "short":
        fields, pence = fields[:-1], 0
    elif kind.how == "extra":
        fields, pence = [*fields[: at + 1], b"", *fields[at + 1 :]], 0
    else:
        fields[at] = kind.value
        pence -= (
            int(record.control[kind.source_column][row])
            if kind.source_column in record.control
            else 0
        )
        if kind.how == "shift":
            pence = _shift(fields, at, table, text, record, kind, row)
    table.changed[line] = table.dialect.whole(fields, text)
    return Planted(kind, row, table, line, own, row, pence)


def _shift(
    fields: list[bytes], at: int, table: Table, text: bytes, record: Record, kind: Kind, row: int
) -> int:
    """Write a balance that is £10 too high in the way of the file; return the row's new control."""
    assert record.pence is not None
    balance = int(record.control[kind.source_column][row]) + SHIFT_PENCE
    was = table.dialect.split(text)[at]
    if b"." in was:
        sign, size = ("-" if balance < 0 else ""), abs(balance)
        pound = "£" if b"\xa3" in was else ""
        grouped = f"{size // 100:,}" if pound else str(size // 100)
        fields[at] = f"{sign}{pound}{grouped}.{size % 100:02d}".encode(table.dialect.encoding)
    else:
        fields[at] = str(balance).encode()
    return int(record.pence[row]) + SHIFT_PENCE
