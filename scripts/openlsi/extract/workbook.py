"""An extract sent as a spreadsheet: its cells as text, so that they are typed like any other."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from openlsi.extract.decoding import seen
from openlsi.extract.fields import BrokenRow
from openlsi.extract.headers import check_columns
from openlsi.extract.layouts import Layout
from openlsi.extract.limits import FileLimits
from openlsi.extract.reading import RawDelivery, RawTable
from openlsi.extract.refusals import ASK_AGAIN, RefusedFileError
from openlsi.extract.workbook_parts import (
    CellFacts,
    cell_facts,
    not_readable,
    open_parts,
    refuse_hidden_rows,
    refuse_large_sheet,
    refuse_merged_cells,
    sheet_xml,
)
from openlsi.identity.normalisation import SEPARATOR


@dataclass(frozen=True)
class Sheet:
    """The cells of one sheet, row 1 first, and what its XML says of those that read as empty."""

    cells: list[list[Any]]
    facts: CellFacts


def read_workbook_extract(
    layout: Layout, table: str, file_name: str, content: bytes, limits: FileLimits
) -> RawDelivery:
    """Return the one table of a sheet under its header row; title lines are structural.

    A row with an error such as #REF! in a column of the layout is broken: its cell would read as
    empty.
    """
    file = layout.files[table]
    sheet = open_sheet(file_name, content, file.sheet, file.header_row, limits)
    cells = sheet.cells
    if len(cells) < file.header_row:
        raise RefusedFileError(
            file_name, f"{len(cells)} rows", f"a header in row {file.header_row}", ASK_AGAIN
        )
    header = [file.canonical(cell_text(cell).strip()) for cell in cells[file.header_row - 1]]
    check_columns(layout, file_name, header, file.required_columns, f"row {file.header_row}")
    places = {header.index(name) + 1: name for name in file.all_columns if name in header}
    _refuse_formulas(file_name, sheet.facts, places)
    below = cells[file.header_row :]
    numbers = [n for n, row in enumerate(below, file.header_row + 1) if any(c != "" for c in row)]
    broken = _broken(table, sheet, file.header_row, places)
    if not numbers and not broken and not file.may_be_empty:
        raise RefusedFileError(file_name, "no rows under the header", "rows", ASK_AGAIN)
    at_fault = {row.row for row in broken}
    structural = len(cells) - len(at_fault.union(numbers))
    numbers = [number for number in numbers if number not in at_fault]
    rows = [below[number - file.header_row - 1] for number in numbers]
    columns = list(zip(*rows, strict=True)) or [()] * len(header)
    data = {
        name: pa.array([cell_text(cell) for cell in columns[header.index(name)]], pa.string())
        if name in header
        else pa.repeat(pa.scalar("", pa.string()), len(rows))
        for name in file.all_columns
    }
    for name, texts in data.items():
        if pc.any(pc.match_substring(texts, SEPARATOR)).as_py():
            raise RefusedFileError(
                file_name, f"a unit separator (character 1F) in column {name}", "plain text",
                ASK_AGAIN,
            )  # fmt: skip
    data["source_row"] = pa.array(numbers, pa.int64())
    return RawDelivery({table: RawTable(file_name, pa.table(data))}, len(cells), structural, broken)


def _refuse_formulas(file_name: str, facts: CellFacts, places: dict[int, str]) -> None:
    found = [(row, places[column]) for row, column in facts.not_worked_out if column in places]
    if found:
        cells = "1 formula" if len(found) == 1 else f"{len(found):,} formulas"
        row, name = found[0]
        raise RefusedFileError(
            file_name, f"{cells} without a value, the first in row {row} of column {name}",
            "values", "ask the sender to open it in Excel, save it, and send it again",
        )  # fmt: skip


def _broken(table: str, sheet: Sheet, header_row: int, places: dict[int, str]) -> list[BrokenRow]:
    """Return the rows with an error in a column of the layout, the first error of each."""
    rows: dict[int, BrokenRow] = {}
    for (row, column), word in sorted(sheet.facts.errors.items()):
        if row > header_row and column in places and row not in rows:
            text = "\t".join(cell_text(cell) for cell in sheet.cells[row - 1])
            rows[row] = BrokenRow(table, row, "error_cell", places[column], word, text)
    return list(rows.values())


def open_sheet(
    file_name: str, content: bytes, name: str | None, header_row: int, limits: FileLimits
) -> Sheet:
    """Return one sheet of a workbook, the only one that shows if no name is given."""
    parts = open_parts(file_name, content, limits)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        wanted = _sheet_name(file_name, workbook, name)
        xml = sheet_xml(file_name, parts, wanted)
        refuse_large_sheet(file_name, xml, limits)
        refuse_hidden_rows(file_name, xml, header_row)
        refuse_merged_cells(file_name, xml, header_row)
        # Leading empty rows stay, so that a row number is the one Excel shows.
        cells: list[list[Any]] = workbook.get_sheet_by_name(wanted).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError):
        raise not_readable(file_name) from None
    return Sheet(cells, cell_facts(xml))


def _sheet_name(file_name: str, workbook: CalamineWorkbook, name: str | None) -> str:
    sheets = [s for s in workbook.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
    shown = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
    advice = "ask the sender for that sheet, or name it in the layout"
    if name is None:
        if len(shown) != 1:
            raise RefusedFileError(
                file_name, f"{len(shown)} sheets that show", "one, or its name in the layout",
                "say `sheet` in the layout",
            )  # fmt: skip
        return str(shown[0])
    if name not in [sheet.name for sheet in sheets]:
        found = f"no sheet {name} among its {len(sheets)}"
        raise RefusedFileError(file_name, found, f"sheet {name}", advice)
    if name not in shown:
        raise RefusedFileError(
            file_name, f"sheet {name} hidden", f"sheet {name} in sight",
            "ask the sender whether that is the one to load, and to unhide it",
        )  # fmt: skip
    return name


def cell_text(cell: Any) -> str:
    """Return a cell as text: ISO dates, plain decimals without the float's tail."""
    if isinstance(cell, str):
        return seen(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        # References and counts come back as floats from every reader of XLSX.
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        is_date = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
        return cell.date().isoformat() if is_date else cell.isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, int | timedelta) else ""
