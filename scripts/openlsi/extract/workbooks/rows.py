"""The rows of an authority table: England, aggregates and billing authorities told apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from openlsi.extract.workbooks.family import ENGLAND_CODE, RecordLayout
from openlsi.extract.workbooks.headings import plain, shortened
from openlsi.extract.workbooks.opened import Cell, Sheet, WorkbookError

MHCLG_CODE = re.compile(r"E\d{4}")


@dataclass(frozen=True)
class AuthorityRows:
    """England's line and the billing authorities', in the order they are printed."""

    numbers: list[int]
    cells: list[list[Cell]]
    codes: dict[str, list[str | None]]
    authority_count: int

    def is_england(self, index: int) -> bool:
        """Say whether this is the line for England."""
        return self.codes["authority_code"][index] == ENGLAND_CODE


def authority_rows(
    sheet: Sheet,
    first: int,
    columns: Mapping[str, int | None],
    record: RecordLayout,
    where: str,
) -> AuthorityRows:
    """Return the rows of England and of each billing authority; refuse a row that is neither.

    Printed totals of classes of authority (`aggregates`) are passed over; the table ends at the
    row that holds `stop_at` alone, since the older sheets list precepting authorities below.
    """
    stop_at = plain(record.stop_at) if record.stop_at else None
    numbers: list[int] = []
    cells: list[list[Cell]] = []
    for index in range(first, len(sheet.rows)):
        row = sheet.rows[index]
        filled = [cell for cell in row if cell != ""]
        if len(filled) == 1 and plain(filled[0]) == stop_at:
            break
        code = _text(row, columns["mhclg_code"]) or ""
        name = _text(row, columns["authority_name"])
        # The older sheets number their columns in rows without code or name, and print notes alone
        # in a row. An authority passed over here would be missed by the count of authorities.
        if len(filled) < 2 or not (code or name) or code in record.aggregates:
            continue
        if code not in record.england and not MHCLG_CODE.fullmatch(code):
            raise WorkbookError(
                f"{where}, row {index + 1}: '{shortened(code or str(name), 40)}' found where a "
                "billing authority's E-code is expected, such as E2231; the sheet has been "
                "edited: fetch the file as published"
            )
        numbers.append(index + 1)
        cells.append(row)
    return _told_apart(numbers, cells, columns, record, where)


def _told_apart(
    numbers: list[int],
    cells: list[list[Cell]],
    columns: Mapping[str, int | None],
    record: RecordLayout,
    where: str,
) -> AuthorityRows:
    codes = {name: [_text(row, at) for row in cells] for name, at in columns.items()}
    given = codes["mhclg_code"]
    england = [index for index, code in enumerate(given) if code in record.england]
    if len(england) != 1:
        raise WorkbookError(
            f"{where}: {len(england)} lines for England found, expected one, with the code "
            f"{' or '.join(record.england)}; fetch the file as published"
        )
    twice = sorted({code for code in given if code and given.count(code) > 1})
    if twice:
        raise WorkbookError(
            f"{where}: {twice[0]} stands in two rows, expected one row an authority; "
            "fetch the file as published"
        )
    area = codes.get("authority_code") or [None] * len(given)
    area[england[0]] = ENGLAND_CODE
    ordered = {"authority_code": area} | codes
    return AuthorityRows(numbers, cells, ordered, len(given) - 1)


def _text(row: list[Cell], position: int | None) -> str | None:
    if position is None or position >= len(row):
        return None
    return str(row[position]).strip() or None
