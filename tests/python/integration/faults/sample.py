"""One sender's clean files of one layout, and where in them a fault is put."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from openlsi.config import load_configuration
from openlsi.extract.layout_files import FileLayout
from openlsi.extract.layout_mapping import RecordMapping
from openlsi.extract.layouts import Layout, load_layouts
from openlsi.extract.patterns import written_name
from openlsi.extract.records import Record, load_feed_definitions
from openlsi.home import Home

MONTH = date(2026, 10, 1)
_NOWHERE = Home(Path("/nonexistent"))
COUNTY = load_configuration(_NOWHERE)
DEFINITIONS = load_feed_definitions(_NOWHERE)
LAYOUTS = load_layouts(_NOWHERE, DEFINITIONS)

Files = dict[str, bytes]


@dataclass(frozen=True)
class Place:
    """Where one thing is told, as the layout names it, and the landing column made of it."""

    source: str
    lands_in: str


@dataclass(frozen=True)
class Sample:
    """One sender's files of one layout and the places in them that faults are put into.

    `record` is the one whose rows are spoilt, in the file that they are read from; `row` is the
    physical row of it, of which `rate`, where there is one, is an amount that is told by the week.
    """

    name: str
    layout: str
    sender: str
    record: str
    places: dict[str, Place]
    row: int = 4

    @property
    def form(self) -> Layout:
        """The layout that the files are written in."""
        return LAYOUTS[self.layout]

    @property
    def groups(self) -> tuple[str, ...]:
        """What an outcome may be told for, the widest first."""
        return (self.form.format, self.form.feed, self.layout, self.name)

    @property
    def mapping(self) -> RecordMapping:
        """How the rows that are spoilt are read."""
        return self.form.records[self.record]

    @property
    def definition(self) -> Record:
        """What they must come to."""
        return DEFINITIONS[self.form.feed].records[self.record]

    @property
    def file(self) -> str:
        """The name of the file whose rows are spoilt."""
        return self.file_of(self.mapping.driving)

    @property
    def files(self) -> tuple[str, ...]:
        """The name of every file of a delivery."""
        return tuple(self._written(file) for file in self.form.files.values())

    @property
    def main(self) -> FileLayout:
        """How the file whose rows are spoilt is cut up."""
        return self._file_with(self.mapping.driving)

    @property
    def a_column(self) -> str:
        """A column of the file that is spoilt, for the faults of columns."""
        told = (self.places[role].source for role in ("code", "free"))
        return next(source for source in told if "." not in source)

    @property
    def is_framed(self) -> bool:
        """Whether the last row says what stands above it."""
        kinds = self.main.row_types
        return self.form.trailer is not None or bool(kinds and kinds.total)

    @property
    def above(self) -> int:
        """The physical row above the one that is spoilt."""
        return self.row - 1

    @property
    def header_row(self) -> int:
        """The physical row of the columns' names, 0 where they have none in the file."""
        if self.form.format == "tagged":
            return 0
        return self.main.header_row if self.form.format == "workbook" else self.main.title_lines + 1

    @property
    def tag(self) -> str:
        """What the rows of the record begin with, empty where all rows are of one kind."""
        if self.form.format == "tagged":
            return self.form.lines[self.mapping.driving].tag
        kinds = self.main.row_types
        return kinds.tables[self.mapping.driving][0] if kinds else ""

    def file_of(self, table: str) -> str:
        """Return the name of the file that holds a table."""
        return self._written(self._file_with(table))

    def _file_with(self, table: str) -> FileLayout:
        if self.form.format == "tagged":
            return next(iter(self.form.files.values()))
        if table in self.form.summed:
            table = self.form.summed[table].driving
        for name, file in self.form.files.items():
            if table == name or (file.row_types and table in file.row_types.tables):
                return file
        raise KeyError(table)

    def _written(self, file: FileLayout) -> str:
        sender = COUNTY.district(self.sender)
        assert sender is not None
        return written_name(file.pattern, sender, MONTH)
