"""Every identifier that the inbox of a home holds, and the words in which each could be told.

The layouts say which columns name or lead to a person or home; the files are read here by the csv
module and calamine, so that a fault of the loader's readers cannot hide an identifier from a test.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineWorkbook

from openlsi.config import load_configuration
from openlsi.extract.layout_files import FileLayout
from openlsi.extract.layout_mapping import Mapping
from openlsi.extract.layouts import Layout, load_layouts, split_source
from openlsi.extract.patterns import match_name
from openlsi.extract.records import load_feed_definitions
from openlsi.home import Home

Words = tuple[str, ...]

_DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%d-%b-%Y")
# The warehouse's own calendar begins with this month (models/marts/reference/dim_month.sql).
_FIRST_MONTH_TOLD = date(2015, 4, 1)
# A shorter reference is a count or a sum somewhere, by chance.
_SHORTEST_REFERENCE = 6


def words(text: str) -> list[str]:
    """Return the words of a text without case, accents, punctuation and leading zeros."""
    plain = text
    if not text.isascii():
        split = unicodedata.normalize("NFKD", text)
        plain = "".join(c for c in split if not unicodedata.combining(c))
    return [_without_zeros(word) for word in re.findall(r"[^\W_]+", plain.casefold())]


def _without_zeros(word: str) -> str:
    return word.lstrip("0") or "0" if word.isdigit() else word


@dataclass
class SentIdentifiers:
    """What was sent: of each kind, the forms in words; birth dates also as dates."""

    by_kind: dict[str, set[Words]] = field(default_factory=dict)
    birth_dates: set[date] = field(default_factory=set)
    ninos: set[str] = field(default_factory=set)
    uprns: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    postcodes: set[str] = field(default_factory=set)
    names: set[tuple[str, str]] = field(default_factory=set)

    def add(self, kind: str, *forms: str) -> None:
        """Note an identifier in each of its forms."""
        for form in forms:
            if found := tuple(words(form)):
                self.by_kind.setdefault(kind, set()).add(found)

    def add_row(self, texts: dict[str, str]) -> None:
        """Note the identifiers of one row, by the names that the record definitions give them."""
        for name, text in texts.items():
            if name.endswith("_ref") and len(text) >= _SHORTEST_REFERENCE:
                self.add("reference", text)
            elif name == "uprn" and len(text) >= _SHORTEST_REFERENCE:
                self.add("uprn", text)
                self.uprns.add(text)
            elif name.endswith("nino") and re.match(r"[A-Za-z]{2} ?\d", text):
                compact = re.sub(r"\W", "", text.upper())
                # The suffix letter tells nobody apart: without it the number still names somebody.
                self.add("nino", text, compact, compact[:8])
                self.ninos.add(compact)
            elif name == "postcode" and re.search(r"\d", text):
                self.add("postcode", text, re.sub(r"\W", "", text))
                self.postcodes.add(text)
            elif name == "address" and re.search(r"\d", text):
                # What stands before the town finds the home too.
                self.add("address", text, text.rpartition(",")[0])
                if "," in text:
                    self.addresses.add(text)
            elif name.endswith("birth_date"):
                self._add_birth_date(text)
        people = {name.removesuffix("surname") for name in texts if name.endswith("surname")}
        for person in sorted(people):
            self._add_name(texts.get(f"{person}surname"), texts.get(f"{person}forenames"))

    @classmethod
    def of_all(cls, parts: Iterable[SentIdentifiers]) -> SentIdentifiers:
        """Return the identifiers of several feeds together."""
        whole = cls()
        for part in parts:
            for kind, forms in part.by_kind.items():
                whole.by_kind.setdefault(kind, set()).update(forms)
            for name in ("birth_dates", "ninos", "uprns", "addresses", "postcodes", "names"):
                getattr(whole, name).update(getattr(part, name))
        return whole

    def _add_birth_date(self, text: str) -> None:
        for date_format in _DATE_FORMATS:
            with suppress(ValueError):
                birth = datetime.strptime(text, date_format).date()
                self.birth_dates.add(birth)
                # A child's birth on the first of a month is also a month of the calendar.
                if birth.day == 1 and birth >= _FIRST_MONTH_TOLD:
                    continue
                self.add("birth date", *(birth.strftime(form) for form in _DATE_FORMATS))

    def _add_name(self, surname: str | None, forenames: str | None) -> None:
        # A surname alone may be a ward's or a street's; both names together are somebody's.
        if surname and forenames:
            joined = [re.sub(r"\W", "", part) for part in (surname, forenames)]
            for last, first in ((surname, forenames), joined):
                self.add("name", f"{last} {first}", f"{first} {last}")
            self.names.add((surname, forenames))


def sent_identifiers(home: Home, slugs: tuple[str, ...]) -> dict[str, SentIdentifiers]:
    """Return every identifier in the files of these senders' inboxes, by feed."""
    found: dict[str, SentIdentifiers] = {}
    definitions = load_feed_definitions(home)
    layouts = load_layouts(home, definitions)
    for district in load_configuration(home).senders:
        if district.slug not in slugs:
            continue
        for path in sorted((home.inbox / district.slug).iterdir()):
            read = 0
            for layout in (layouts[name] for name in district.feeds.values()):
                for table, row in _rows(layout, path):
                    read += 1
                    for record, definition in definitions[layout.feed].records.items():
                        for texts in _identifiers(
                            layout, record, definition.identifiers, table, row
                        ):
                            found.setdefault(layout.feed, SentIdentifiers()).add_row(texts)
            assert read, f"{path.name}: no layout of {district.slug} reads it"
    return found


def _identifiers(
    layout: Layout, record: str, identifiers: Iterable[str], table: str, row: dict[str, str]
) -> Iterator[dict[str, str]]:
    """Yield what a row of a table says of people and homes, once for each part it has in it."""
    mapping = layout.records[record]
    aliases = {mapping.driving: mapping.driving}
    aliases |= {lookup.alias: lookup.table for lookup in mapping.lookups}
    for alias in (alias for alias, of in aliases.items() if of == table):
        texts = {}
        for name in identifiers:
            column = mapping.columns.get(name)
            if column is None:
                continue
            sources = [column.source] if column.source else column.sources
            placed = [split_source(source, mapping) for source in sources]
            if placed and placed[0][0] == alias:
                parts = [row.get(source, "").strip() for _, source in placed]
                texts[name] = _part(column, ", ".join(part for part in parts if part))
        yield texts


def _part(column: Mapping, text: str) -> str:
    if column.split is None:
        return text
    before, _, after = text.partition(column.split.at)
    return (before if column.split.take == "before" else after).strip()


def _rows(layout: Layout, path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (table, row) of a file; nothing if it is not a file of this layout."""
    files = {
        table: file
        for table, file in layout.files.items()
        if match_name(file.pattern, path.name) is not None
    }
    if not files:
        return
    if layout.format == "workbook":
        yield from _workbook_rows(layout, path)
        return
    with path.open(encoding=layout.encoding, newline="") as file:
        lines = list(csv.reader(file, delimiter=layout.delimiter))
    if layout.format == "tagged":
        tags = {line.tag: (name, line.columns) for name, line in layout.lines.items()}
        for tag, *values in lines:
            if tag in tags:
                yield tags[tag][0], dict(zip(tags[tag][1], values, strict=False))
        return
    for table, file_layout in files.items():
        header, *rows = lines[file_layout.title_lines :]
        names = [file_layout.canonical(name) for name in header]
        if not set(names) >= set(file_layout.required_columns):
            continue
        kinds = file_layout.row_types.tables if file_layout.row_types else {}
        of_value = {value: name for name, values in kinds.items() for value in values}
        for values in rows:
            of_kind = of_value.get(values[0]) if kinds else table
            if of_kind is not None:
                yield of_kind, dict(zip(names, values, strict=False))


def _workbook_rows(layout: Layout, path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    book = CalamineWorkbook.from_path(path)
    for table, file_layout in layout.files.items():
        assert isinstance(file_layout, FileLayout) and file_layout.sheet
        sheet = book.get_sheet_by_name(file_layout.sheet).to_python()
        header = [str(value) for value in sheet[file_layout.header_row - 1]]
        for values in sheet[file_layout.header_row :]:
            yield table, dict(zip(header, map(str, values), strict=False))
