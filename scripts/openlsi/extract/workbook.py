"""An extract sent as a spreadsheet: its cells as text, so that they are typed like any other."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from python_calamine import CalamineError, CalamineWorkbook

from openlsi.extract.layouts import Layout
from openlsi.extract.reading import RawDelivery, RawTable, check_columns
from openlsi.extract.refusals import ASK_AGAIN, RefusedFileError
from openlsi.identity.normalisation import SEPARATOR

# A zip of 100 KB can unpack to 100 MB; no extract of one month comes near this.
_MOST_UNPACKED_BYTES = 2_000_000_000


def read_workbook_extract(
    layout: Layout, table: str, file_name: str, content: bytes
) -> RawDelivery:
    """Return the one table of a sheet under its header row; title lines are structural."""
    file = layout.files[table]
    cells = _cells(file_name, content, file.sheet)
    if len(cells) < file.header_row:
        raise RefusedFileError(
            file_name, f"{len(cells)} rows", f"a header in row {file.header_row}", ASK_AGAIN
        )
    header = [file.canonical(_text(cell).strip()) for cell in cells[file.header_row - 1]]
    check_columns(layout, file_name, header, file.required_columns, f"row {file.header_row}")
    below = cells[file.header_row :]
    numbers = [n for n, row in enumerate(below, file.header_row + 1) if any(c != "" for c in row)]
    if not numbers:
        raise RefusedFileError(file_name, "no rows under the header", "rows", ASK_AGAIN)
    rows = [below[number - file.header_row - 1] for number in numbers]
    columns = list(zip(*rows, strict=True))
    data = {
        name: pa.array([_text(cell) for cell in columns[header.index(name)]], pa.string())
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
    structural = len(cells) - len(numbers)
    return RawDelivery({table: RawTable(file_name, pa.table(data))}, len(cells), structural, [])


def _cells(file_name: str, content: bytes, sheet: str | None) -> list[list[Any]]:
    advice = "ask for the workbook again, saved as .xlsx without a password"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(member.file_size for member in packed.infolist())
            names = [member.filename for member in packed.infolist()]
        if unpacked > _MOST_UNPACKED_BYTES:
            raise RefusedFileError(file_name, f"{unpacked} bytes unpacked", "an extract", advice)
        if any(name.endswith("vbaProject.bin") for name in names):
            raise RefusedFileError(file_name, "a workbook with macros", "one without", advice)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        wanted = sheet or workbook.sheet_names[0]
        if wanted not in workbook.sheet_names:
            raise RefusedFileError(
                file_name,
                f"no sheet {wanted} among its {len(workbook.sheet_names)}",
                f"sheet {wanted}",
                "ask the sender for that sheet, or name it in the layout",
            )
        # Leading empty rows stay, so that a row number is the one Excel shows.
        cells: list[list[Any]] = workbook.get_sheet_by_name(wanted).to_python(skip_empty_area=False)
    except (zipfile.BadZipFile, CalamineError, OSError, ValueError):
        raise RefusedFileError(file_name, "no readable workbook", "an XLSX file", advice) from None
    return cells


def _text(cell: Any) -> str:
    """Return a cell as text: ISO dates, plain decimals without the float's tail."""
    if isinstance(cell, str):
        return cell
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
