"""How an unknown file is written: encoding, separator, title lines, where its header stands."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from openlsi.extract.decoding import decoded
from openlsi.extract.limits import FileLimits
from openlsi.extract.lines import cut
from openlsi.extract.refusals import RefusedFileError
from openlsi.extract.workbook import cell_text
from openlsi.extract.workbook_parts import open_parts, refuse_large_sheet, sheet_xml

Encoding = Literal["utf-8", "cp1252", "utf-16"]
_DELIMITERS = (",", ";", "|", "\t")
_SAMPLE_LINES = 400
_TITLE_LINES = 40
# A line end inside a value makes two lines of one.
_SAME_WIDTH = 0.35
# Enough of a row must be filled to be a header: titles fill a cell or two.
_FILLED = 0.6
_DATA = re.compile(
    r"(?i)\s*(?:[A-Z]{2}(?: ?\d\d){3} ?[A-D]?|[A-Z]{1,2}\d[0-9A-Z]? ?\d[A-Z]{2}"
    r"|\d{1,4}[/.-](?:\d{1,2}|[A-Z]{3})[/.-]\d{2,4}.*|-?£?[\d,]*\d\d(?:\.\d+)?|£?\d+\.\d+)\s*"
)
NO_HEADER = "ask the sender for a file with a header line"


@dataclass(frozen=True)
class Dialect:
    """How one file is written, in the words of a layout, and the names in its header."""

    format: Literal["delimited", "workbook"]
    header: list[str]
    header_row: int
    encoding: Encoding = "utf-8"
    delimiter: str = ","
    quote: str | None = None
    has_line_breaks: bool = False
    ends_with_line_end: bool = True
    sheet: str | None = None

    @property
    def columns(self) -> list[str]:
        """The header's names that are there once, which are the ones that can be mapped."""
        counts = Counter(self.header)
        return [name for name in self.header if name and counts[name] == 1]

    @property
    def words(self) -> str:
        """The dialect in a few words."""
        if self.format == "workbook":
            return f"workbook, sheet {self.sheet}, header in row {self.header_row}"
        written = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "pipe"}[self.delimiter]
        titles = f", {self.header_row - 1} lines above the header" if self.header_row > 1 else ""
        breaks = ", line ends inside values" if self.has_line_breaks else ""
        return f"delimited by {written}, {self.encoding}{titles}{breaks}"


def find_dialect(file_name: str, content: bytes, limits: FileLimits) -> Dialect:
    """Return how a file is written; refuse what has no header, nothing of it being quoted."""
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _workbook(file_name, content, limits)
    encoding = _encoding(content)
    text = decoded(file_name, content, encoding)
    lines = text.decode().splitlines()[:_SAMPLE_LINES]
    delimiter, width = _delimiter(file_name, lines)
    _refuse_tagged(file_name, lines, delimiter)
    rows = [_fields(line, delimiter) for line in lines[:_TITLE_LINES]]
    place = _header_place(file_name, rows, width)
    quote = '"' if delimiter == "," or '"' in "".join(lines) else None
    plain = cut(file_name, text, delimiter, quote, False)
    has_breaks = bool(quote) and int(plain.is_broken.sum()) > 0 and _mends(text, delimiter)
    return Dialect(
        "delimited", [name.strip() for name in rows[place]], place + 1, encoding, delimiter, quote,
        has_breaks, plain.ends_with_line_end,
    )  # fmt: skip


def _mends(text: bytes, delimiter: str) -> bool:
    """Return whether rows make sense once a quoted value may run over a line end."""
    try:
        plain, breaking = (cut("", text, delimiter, '"', breaks) for breaks in (False, True))
    except RefusedFileError:
        return False
    return int(breaking.is_broken.sum()) < int(plain.is_broken.sum())


def _encoding(content: bytes) -> Encoding:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _fields(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _delimiter(file_name: str, lines: list[str]) -> tuple[str, int]:
    """Return the separator under which most lines have the same number of fields, and that number.

    Where several do, such as a comma inside every address, the one that the first lines have too:
    a header has it, and no comma.
    """
    found: list[tuple[int, float, str, int]] = []
    for delimiter in _DELIMITERS:
        widths = [len(_fields(line, delimiter)) for line in lines]
        counts = Counter(width for width in widths if width)
        width, count = counts.most_common(1)[0] if counts else (0, 0)
        share = count / max(1, sum(counts.values()))
        if width > 1 and share >= _SAME_WIDTH:
            found.append((-widths.index(width), share * min(width, 12), delimiter, width))
    if not found:
        raise RefusedFileError(
            file_name, "no comma, semicolon, pipe or tab between fields", "a delimited file",
            "ask the sender for one, or for a workbook",
        )  # fmt: skip
    return max(found)[2:]


def _refuse_tagged(file_name: str, lines: list[str], delimiter: str) -> None:
    """Refuse lines of several kinds, told by a tag: they have no names to go by."""
    rows = [_fields(line, delimiter) for line in lines if line.strip()]
    widths: dict[str, set[int]] = {}
    for row in rows:
        widths.setdefault(row[0].strip() if row else "", set()).add(len(row))
    tags = [tag for tag in widths if re.fullmatch(r"[A-Z]{1,3}|[0-9]{1,2}", tag)]
    several = len({width for one in widths.values() for width in one}) > 1
    if len(rows) > 5 and len(tags) == len(widths) <= 6 and several:
        raise RefusedFileError(
            file_name, f"lines of {len(tags)} kinds, told by their tags {', '.join(sorted(tags))}",
            "one table under a header", "copy the layout piped_cts and name each line's columns",
        )  # fmt: skip


def _header_place(file_name: str, rows: list[list[str]], width: int) -> int:
    for place, row in enumerate(rows):
        filled = [cell for cell in row if cell.strip()]
        if len(row) >= width - 1 and len(filled) >= max(2, _FILLED * width):
            if any(_DATA.fullmatch(cell) for cell in filled):
                raise RefusedFileError(
                    file_name, f"data in row {place + 1}, where the names of columns should be",
                    "a header", NO_HEADER,
                )  # fmt: skip
            return place
    raise RefusedFileError(file_name, "no header in its first rows", "a header", NO_HEADER)


def _workbook(file_name: str, content: bytes, limits: FileLimits) -> Dialect:
    parts = open_parts(file_name, content, limits)
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    names = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]
    tops: dict[str, list[list[str]]] = {}
    for name in names:
        refuse_large_sheet(file_name, sheet_xml(file_name, parts, name), limits)
        top = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=_TITLE_LINES)
        tops[name] = [[cell_text(cell).strip() for cell in row] for row in top]
    if not any(tops.values()):
        raise RefusedFileError(file_name, "no filled sheet that shows", "a table", NO_HEADER)
    # Cover sheets are narrow.
    sheet = max(tops, key=lambda name: sum(bool(cell) for row in tops[name] for cell in row))
    width = max(sum(bool(cell) for cell in row) for row in tops[sheet])
    place = _header_place(file_name, tops[sheet], width)
    return Dialect("workbook", tops[sheet][place], place + 1, sheet=sheet)
