"""A page's tables as one XLSX workbook, the same bytes whenever it is written."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from openlsi.report.spreadsheets.sheets import Notes, Sheet, names_of

# The file would else carry the time at which it was made.
NO_CLOCK = datetime.datetime(2000, 1, 1)
WIDEST = 60


def to_xlsx(notes: Notes, sheets: Sequence[Sheet]) -> bytes:
    """Return a workbook of a notes sheet and one sheet a table."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": notes.title, "created": NO_CLOCK})
    bold = book.add_format({"bold": True})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    codes = sorted({code for sheet in sheets for code in sheet.codes if code})
    numbers = {code: book.add_format({"num_format": code}) for code in codes}
    names = names_of(sheet.title for sheet in sheets)
    contents = [(name, sheet.title) for name, sheet in zip(names, sheets, strict=True)]
    _write_notes(book.add_worksheet("Notes"), notes, contents, bold, wrapped)
    for name, sheet in zip(names, sheets, strict=True):
        _write_sheet(book.add_worksheet(name), sheet, bold, head, numbers)
    book.close()
    return out.getvalue()


def _write_notes(
    place: Worksheet,
    notes: Notes,
    contents: Sequence[tuple[str, str]],
    bold: Format,
    wrapped: Format,
) -> None:
    headings = notes.headings()
    for number, row in enumerate(notes.rows(contents)):
        for column, text in enumerate(row):
            is_heading = len(row) == 1 and text in headings
            # A lone line runs on over the empty cells beside it; a pair wraps in its own.
            chosen = bold if is_heading else wrapped if len(row) > 1 else None
            place.write_string(number, column, text, chosen)
    place.set_column(0, 0, 32)
    place.set_column(1, 1, 80)


def _write_sheet(
    place: Worksheet, sheet: Sheet, bold: Format, head: Format, numbers: dict[str, Format]
) -> None:
    lines = sheet.lines
    for number, line in enumerate(lines):
        place.write_string(number, 0, line, bold if number == 0 else None)
    top = len(lines)
    for column, title in enumerate(sheet.heads):
        place.write_string(top, column, title, head)
        place.set_column(column, column, _width(sheet, column))
    shown = [numbers.get(code) for code in sheet.codes] or [None] * len(sheet.heads)
    for number, row in enumerate(sheet.rows, start=top + 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                place.write_string(number, column, value)
            elif value is not None:
                place.write_number(number, column, value, shown[column])
    place.freeze_panes(top + 1, 0)
    # Printed, the titles stand on each sheet of paper.
    place.repeat_rows(top)
    place.set_landscape()
    place.fit_to_pages(1, 0)


def _width(sheet: Sheet, column: int) -> int:
    texts = (str(row[column]) for row in sheet.rows if row[column] is not None)
    longest = max((len(text) for text in texts), default=0)
    words = max((len(word) for word in sheet.heads[column].split()), default=0)
    return min(max(longest, words, 10) + 2, WIDEST)
