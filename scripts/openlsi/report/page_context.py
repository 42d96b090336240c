"""What the parts of one page share while it is rendered, and what they leave behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openlsi.report.charts.svg import Drawing
from openlsi.report.csv_files import to_csv
from openlsi.report.data import Table
from openlsi.report.errors import Place
from openlsi.report.glossary import Glossary, Term
from openlsi.report.inputs import Input
from openlsi.report.javascript_engine import JavaScript
from openlsi.report.markdown import slug_of
from openlsi.report.settings import SiteSettings
from openlsi.report.spreadsheets.number_codes import codes_of
from openlsi.report.spreadsheets.sheets import Sheet, sheet_of

Draw = Callable[[dict[str, Any], int, int, Place], Drawing]
Narrow = Callable[[Table, str | None, str | None, Place], Table]
"""Filters and orders a query's result by SQL: a condition, then columns."""


@dataclass
class PageContext:
    """What the parts of one page share while it is rendered, and what they leave behind."""

    js: JavaScript
    settings: SiteSettings
    tables: dict[str, Table]
    draw: Draw
    at: Callable[[Place], None]
    narrow: Narrow
    sources: Callable[[Table], frozenset[str]]
    glossary: Glossary
    refreshed: str | None = None
    inputs: tuple[Input, ...] = ()
    idle_inputs: frozenset[str] = frozenset()
    choice: str = ""
    sheets: list[Sheet] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    static: Path | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    marks: set[str] = field(default_factory=set)
    identifiers: set[str] = field(default_factory=set)
    link_places: dict[str, Place] = field(default_factory=dict)

    def identifier(self, text: str) -> str:
        """Return an id that no other part of the page has."""
        base = slug_of(text)[:60].strip("-") or "part"
        if self.choice:
            base = f"{base}-{slug_of(self.choice)[:40].strip('-')}"
        name, count = base, 1
        while name in self.identifiers:
            count += 1
            name = f"{base}-{count}"
        self.identifiers.add(name)
        self.titles[name] = text
        return name

    def download(
        self,
        identifier: str,
        table: Table,
        titles: dict[str, str] | None = None,
        notes: dict[str, str] | None = None,
        subtitle: str | None = None,
        tags: Mapping[str, str | None] | None = None,
    ) -> str:
        """Keep a table as CSV and as a sheet of the page's workbook; return the CSV's name.

        `titles` are the columns to show and what they are called, `notes` what is said of them,
        `tags` their formats.
        """
        name = f"{identifier}.csv"
        self.files[name] = to_csv(table)
        named = titles or {column: self.js.title(column) for column in table.shown_columns()}
        lines = " – ".join(line for line in (subtitle, self.choice) if line)
        title = self.titles.get(identifier, identifier)
        codes = codes_of(self.js, table, named, tags or {})
        sheet = sheet_of(name, table, title, lines, named, notes or {}, self.sources(table), codes)
        self.sheets.append(sheet)
        return name

    def term(self, table: Table, column: str) -> Term | None:
        """Return the term that a column's name leads to, where the site defines it."""
        return self.glossary.term(column, self.sources(table))

    def warn(self, message: str, place: Place) -> None:
        """Remember something that the author of the page should know."""
        self.warnings.append(f"{place}: {message}")

    def note_mark(self, mark: str | None) -> str | None:
        """Remember that a mark is shown, so that the page explains it."""
        if mark:
            self.marks.add(mark)
        return mark
