"""The tables of all pages as one open document, those of a templated page put together.

A page for each of two hundred wards would else be a thousand sheets that differ in their number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from openlsi.report.framing import Imprint, label_of_page
from openlsi.report.outline import Outline
from openlsi.report.page import RenderedPage
from openlsi.report.spreadsheets.open_document import to_ods
from openlsi.report.spreadsheets.sheets import Sheet

Pages = Mapping[tuple[str, ...], RenderedPage]
Outlines = Mapping[tuple[str, ...], Outline]
OfPage = tuple[str, Sheet]
"""A page's name and one of its tables."""


def site_book(imprint: Imprint, pages: Pages, outlines: Outlines) -> bytes:
    """Return the tables of all pages as ODS; each sheet says which page it is of."""
    sheets = site_sheets(pages, outlines)
    marks = sorted({mark for page in pages.values() for mark in page.marks})
    notes = imprint.notes(imprint.settings.service_name, None, marks, sheets)
    return to_ods(notes, sheets)


def site_sheets(pages: Pages, outlines: Outlines) -> list[Sheet]:
    """Return a sheet a table; tables of a templated page that differ in rows alone are one."""
    found: dict[object, tuple[RenderedPage, list[OfPage]]] = {}
    for segments, page in sorted(pages.items()):
        label = label_of_page(page, outlines[segments])
        for sheet in page.sheets:
            key: object = (segments, sheet.file)
            if page.parameters:
                key = (page.page.file, sheet.title, sheet.columns, sheet.heads)
            found.setdefault(key, (page, []))[1].append((label, sheet))
    return [
        _together(page, members, _label_above(page, pages, outlines))
        if page.parameters
        else _said(members[0][1], members[0][0], members[0][1].subtitle)
        for page, members in found.values()
    ]


def _label_above(page: RenderedPage, pages: Pages, outlines: Outlines) -> str:
    """Return what the page is called that a templated page stands under."""
    above = page.segments[:-1]
    return label_of_page(pages[above], outlines[above]) if above in pages else ""


def _together(page: RenderedPage, members: Sequence[OfPage], above: str) -> Sheet:
    """Return one sheet of a table's rows on every page, which a first column names."""
    first = members[0][1]
    subtitles = {sheet.subtitle for _, sheet in members}
    sheet = replace(
        first,
        columns=("page", *first.columns),
        heads=(page.page.front_matter.title or "Page", *first.heads),
        rows=tuple((label, *row) for label, sheet in members for row in sheet.rows),
        notes=tuple(dict.fromkeys(note for _, sheet in members for note in sheet.notes)),
        tables=frozenset().union(*(sheet.tables for _, sheet in members)),
        codes=("", *_codes(sheet.codes for _, sheet in members)),
    )
    return _said(sheet, above, first.subtitle if len(subtitles) == 1 else "")


def _codes(every: Iterable[tuple[str, ...]]) -> list[str]:
    """Return how each column is shown: as on the first page that had a number in it."""
    return [next(filter(None, codes), "") for codes in zip(*every, strict=True)]


def _said(sheet: Sheet, label: str, subtitle: str) -> Sheet:
    return replace(sheet, subtitle=" – ".join(part for part in (label, subtitle) if part))
