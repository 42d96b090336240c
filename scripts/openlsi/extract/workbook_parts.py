"""What an XLSX file holds inside, looked at before its cells are read.

A reader of cells gives an error, or a formula that was never worked out, as an empty cell; it says
nothing of hidden rows; and it makes room for every cell between the corners of a sheet, however
few are filled. None of that may pass in silence.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from openlsi.extract.archives import UnreadableArchiveError, unpack_all
from openlsi.extract.limits import FileLimits
from openlsi.extract.refusals import RefusedFileError

SAVE_AGAIN = "ask for the workbook again, saved as .xlsx without a password"
_OLE2, _ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "EncryptedPackage".encode("utf-16-le")
_MACROS = re.compile(r"vbaProject\.bin$|/macrosheets/", re.IGNORECASE)
_DECLARATIONS = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# Tags may carry a prefix of their namespace; some programs write <x:row>.
_TAG = r"<(?:[\w.-]+:)?%s(?=[\s/>])[^>]*>"
_ROW = re.compile((_TAG % "row").encode())
_CELL_PLACE = re.compile(rb"<(?:[\w.-]+:)?c\s[^>]*?\br\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_CELL = re.compile(
    rb"<(?:[\w.-]+:)?(row|c)(?=[\s/>])([^>]*?)(?:/>|>)"
    rb"(?:((?:(?!<(?:[\w.-]+:)?(?:c|row)[\s/>]).)*?)</(?:[\w.-]+:)?c>)?",
    re.DOTALL,
)
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^>]*)?>([^<]*)</")
_ATTRIBUTE = re.compile(r"([\w.:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ERROR_TYPE = re.compile(rb"\st\s*=\s*[\"']e[\"']")
_HIDDEN = re.compile(rb"\shidden\s*=\s*[\"'](?:1|true)[\"']|\sht\s*=\s*[\"']0(?:\.0*)?[\"']")
_REFERENCE = re.compile(rb"\sr\s*=\s*[\"']([A-Z]{0,3})([0-9]{1,7})[\"']")
_MERGED = re.compile(rb"<(?:[\w.-]+:)?mergeCell\s[^>]*ref\s*=\s*[\"'][^\"']*?([0-9]+)[\"']")

Position = tuple[int, int]


@dataclass(frozen=True)
class CellFacts:
    """Cells that a reader gives as empty, by row and column from 1."""

    errors: dict[Position, str]
    not_worked_out: list[Position]


def open_parts(file_name: str, content: bytes, limits: FileLimits) -> dict[str, bytes]:
    """Return the parts of a workbook, or refuse what is none, has a password, macros or a DTD."""
    if content.startswith(_OLE2):
        what = "a workbook with a password" if _ENCRYPTED in content else "an old .xls workbook"
        raise RefusedFileError(file_name, what, "an XLSX file", SAVE_AGAIN)
    try:
        parts = unpack_all(content, file_name, limits)
    except UnreadableArchiveError:
        raise not_readable(file_name) from None
    if any(_MACROS.search(name) for name in parts):
        raise RefusedFileError(file_name, "a workbook with macros", "one without", SAVE_AGAIN)
    if "xl/workbook.xml" not in parts:
        raise not_readable(file_name)
    written = [
        part for name, part in parts.items() if name.casefold().endswith((".xml", ".rels", ".vml"))
    ]
    # Another encoding than UTF-8 would hide what is looked for in them.
    if any(b"\x00" in part[:1000] or _DECLARATIONS.search(part) for part in written):
        raise RefusedFileError(
            file_name, "declarations of its own in its XML", "a plain workbook", SAVE_AGAIN
        )
    return parts


def not_readable(file_name: str) -> RefusedFileError:
    """Return the refusal of what is no workbook."""
    return RefusedFileError(file_name, "no readable workbook", "an XLSX file", SAVE_AGAIN)


def sheet_xml(file_name: str, parts: dict[str, bytes], sheet: str) -> bytes:
    """Return the XML of a sheet by the name that its reader sees."""
    targets = {
        one.get("Id"): one.get("Target", "")
        for one in _tags(parts.get("xl/_rels/workbook.xml.rels", b""), "Relationship")
    }
    by_name = {name.casefold(): part for name, part in parts.items()}
    for one in _tags(parts["xl/workbook.xml"], "sheet"):
        if one.get("name") == sheet:
            relation = next((value for key, value in one.items() if key.endswith(":id")), None)
            target = targets.get(relation, "")
            path = target[1:] if target.startswith("/") else f"xl/{target}"
            if path.casefold() in by_name:
                return by_name[path.casefold()]
    raise not_readable(file_name)


def _tags(xml: bytes, name: str) -> Iterator[dict[str, str]]:
    text = xml.decode("utf-8", "replace")
    for tag in re.findall(_TAG % name, text):
        yield {key: html.unescape(one or other) for key, one, other in _ATTRIBUTE.findall(tag)}


def refuse_large_sheet(file_name: str, xml: bytes, limits: FileLimits) -> None:
    """Refuse a sheet whose corners are so far apart that its cells would fill the memory."""
    named, rows = _CELL_PLACE.findall(xml), _ROW.findall(xml)
    last_row = max((int(row) for _, row in named), default=0)
    last_column = max(
        (_column(letters) for letters in {letters for letters, _ in named}), default=0
    )
    # A row or cell without a reference stands below or beside the one before it.
    named_rows = [int(match[2]) for match in map(_REFERENCE.search, rows) if match]
    last_row = max([last_row, *named_rows]) + len(rows) - len(named_rows)
    if xml.count(b"<c") + xml.count(b":c") > len(named):
        last_column += max(part.count(b"<c") + part.count(b":c") for part in xml.split(b"row"))
    if last_row * last_column > limits.most_cells:
        raise RefusedFileError(
            file_name, f"a sheet of {last_row:,} rows and {last_column:,} columns",
            f"at most {limits.most_cells:,} cells",
            "ask the sender to delete the empty rows and columns, or raise files.most_cells in"
            " limits.yml",
        )  # fmt: skip


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def refuse_hidden_rows(file_name: str, xml: bytes, header_row: int) -> None:
    """Refuse hidden rows below the header: whether they were meant to be sent cannot be told."""
    rows, last = [], 0
    for tag in _ROW.findall(xml):
        match = _REFERENCE.search(tag)
        last = int(match[2]) if match else last + 1
        if last > header_row and _HIDDEN.search(tag):
            rows.append(last)
    if rows:
        raise RefusedFileError(
            file_name, f"{_rows(len(rows))} hidden, the first row {rows[0]}", "rows that all show",
            "ask the sender to clear the filter, and to show or delete those rows",
        )  # fmt: skip


def _rows(count: int) -> str:
    return f"{count:,} row" + ("" if count == 1 else "s")


def refuse_merged_cells(file_name: str, xml: bytes, header_row: int) -> None:
    """Refuse merged cells below the header: all but the first would read as empty."""
    merged = [int(last) for last in _MERGED.findall(xml) if int(last) > header_row]
    if merged:
        raise RefusedFileError(
            file_name, f"merged cells as far as row {max(merged)}", "a value in every cell",
            "ask the sender to unmerge them",
        )  # fmt: skip


def cell_facts(xml: bytes) -> CellFacts:
    """Return the cells that hold an error, and the formulas that hold no value."""
    facts = CellFacts({}, [])
    if not (_FORMULA.search(xml) or _ERROR_TYPE.search(xml)):
        return facts
    row = column = 0
    # Only a sheet with formulas or errors comes here, so that others are spared the walk.
    for match in _CELL.finditer(xml):
        reference = _REFERENCE.search(match[2])
        if match[1] == b"row":
            row, column = int(reference[2]) if reference else row + 1, 0
            continue
        column = _column(reference[1]) if reference else column + 1
        row = int(reference[2]) if reference else row
        _note(facts, (row, column), match[2], match[3] or b"")
    return facts


def _note(facts: CellFacts, position: Position, attributes: bytes, inside: bytes) -> None:
    value = _VALUE.search(inside)
    if _ERROR_TYPE.search(attributes):
        facts.errors[position] = value[1].decode("ascii", "replace") if value else "#VALUE!"
    elif _FORMULA.search(inside):
        # A text that was worked out may well be empty; a number never is.
        is_text = re.search(rb"\st\s*=\s*[\"']str[\"']", attributes)
        if not is_text and (value is None or not value[1]):
            facts.not_worked_out.append(position)
