"""One workbook opened: its sheets' cells as published, and the rows that it hides."""

from __future__ import annotations

import datetime
import html
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import python_calamine

from openlsi.errors import LsiError

Moment = datetime.date | datetime.time | datetime.datetime | datetime.timedelta
Cell = str | float | int | bool | Moment


# RuntimeError is what zipfile raises for a workbook with a password.
UNREADABLE = (
    python_calamine.CalamineError,
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    RuntimeError,
)


class WorkbookError(LsiError):
    """An official workbook cannot be read, or is not what its layout says."""


@dataclass(frozen=True)
class Sheet:
    """The cells of one sheet from its first row and column on, and its hidden row numbers."""

    name: str
    rows: list[list[Cell]]
    hidden_rows: frozenset[int]


class OpenedWorkbook:
    """A workbook whose sheets are read once each, and only when they are asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._sheets: dict[str, Sheet] = {}
        try:
            with zipfile.ZipFile(path) as archive:
                self._is_ods = "content.xml" in archive.namelist()
                if not self._is_ods and "xl/workbook.xml" not in archive.namelist():
                    raise zipfile.BadZipFile("neither kind inside")
                # A damaged part can still parse into other figures; every checksum is tried.
                damaged = archive.testzip()
                if damaged:
                    raise zipfile.BadZipFile(f"{damaged} inside is damaged")
            self._workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        except UNREADABLE as error:
            raise WorkbookError(
                f"{path.name}: cannot be opened as an ODS or XLSX workbook ({error}); "
                "the file is cut short or of another kind: fetch it again as published"
            ) from None
        self._visible = {
            meta.name: meta.visible == python_calamine.SheetVisibleEnum.Visible
            for meta in self._workbook.sheets_metadata
        }

    @property
    def sheet_names(self) -> list[str]:
        """Names of the visible sheets; what links to other files left behind is hidden and out."""
        return [name for name, visible in self._visible.items() if visible]

    def is_hidden(self, name: str) -> bool:
        """Say whether a sheet is there but hidden."""
        return name in self._visible and not self._visible[name]

    def sheet(self, name: str) -> Sheet:
        """Return one visible sheet."""
        if name not in self._sheets:
            try:
                cells = self._workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                self._sheets[name] = Sheet(name, cells, self._hidden_rows(name))
            except (python_calamine.CalamineError, zipfile.BadZipFile, zlib.error) as error:
                raise WorkbookError(
                    f"{self.path.name}, sheet '{name}': cannot be read ({error}); "
                    "the file is damaged: fetch it again as published"
                ) from None
        return self._sheets[name]

    def _hidden_rows(self, name: str) -> frozenset[int]:
        # calamine returns hidden rows like any other, so they are looked up in the XML.
        with zipfile.ZipFile(self.path) as archive:
            if self._is_ods:
                return _hidden_in_ods(archive.read("content.xml"), name)
            return _hidden_in_xlsx(archive, name)


def _hidden_in_ods(content: bytes, name: str) -> frozenset[int]:
    quoted = re.escape(html.escape(name, quote=False).encode())
    start = re.search(rb'<table:table [^>]*table:name="' + quoted + rb'"', content)
    if start is None:
        return frozenset()
    body = content[start.end() : content.index(b"</table:table>", start.end())]
    hidden: set[int] = set()
    row = 0
    for tag in re.finditer(rb"<table:table-row(?:\s[^>]*)?>", body):
        repeated = re.search(rb'table:number-rows-repeated="(\d+)"', tag.group())
        count = int(repeated.group(1)) if repeated else 1
        if re.search(rb'table:visibility="(?:collapse|filter)"', tag.group()):
            hidden.update(range(row + 1, row + 1 + count))
        row += count
    return frozenset(hidden)


def _hidden_in_xlsx(archive: zipfile.ZipFile, name: str) -> frozenset[int]:
    workbook = archive.read("xl/workbook.xml").decode()
    relations = archive.read("xl/_rels/workbook.xml.rels").decode()
    targets = {
        _attribute(tag, "Id"): _attribute(tag, "Target")
        for tag in re.findall(r"<Relationship\s[^>]*>", relations)
    }
    for tag in re.findall(r"<sheet\s[^>]*>", workbook):
        if _attribute(tag, "name") == name:
            target = targets[_attribute(tag, "r:id")].removeprefix("/").removeprefix("xl/")
            rows = re.findall(r"<row\s[^>]*>", archive.read(f"xl/{target}").decode())
            return frozenset(
                int(_attribute(row, "r"))
                for row in rows
                if _attribute(row, "hidden") in ("1", "true")
            )
    return frozenset()


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return html.unescape(found.group(1)) if found else ""
