"""The records of one workbook: headings found, rows told apart, figures checked and typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from openlsi.extract.workbooks.cells import Figures, figures_in
from openlsi.extract.workbooks.family import Measure, RecordLayout, WorkbookLayout, fill_year
from openlsi.extract.workbooks.headings import (
    column_letter,
    columns_matching,
    headings_of,
    nearest_heading,
    plain,
    shortened,
)
from openlsi.extract.workbooks.opened import Cell, OpenedWorkbook, Sheet, WorkbookError
from openlsi.extract.workbooks.rows import AuthorityRows, authority_rows

HEADING_ROWS_SEARCHED = 40


@dataclass(frozen=True)
class WorkbookRecords:
    """What one workbook says: each record as a table, and how its sheets' rows were used."""

    tables: dict[str, pa.Table]
    physical_rows: int
    accepted_rows: int


@dataclass(frozen=True)
class _Found:
    """One record's sheet with its headings placed."""

    where: str
    sheet: Sheet
    heading_row: int
    first_data_row: int
    headings: list[str]


def read_workbook(path: Path, layout: WorkbookLayout) -> WorkbookRecords:
    """Return each record of the workbook as a table, one row an authority and breakdown.

    Columns: `source_row` (the sheet's row number), the code columns, `financial_year`, the
    breakdowns, the measures as printed (decimals; whole numbers as int64) and `mark`, the mark
    printed in place of the first measure. The line for England is kept, under E92000001.
    Rows are the sheets' rows: those of England and of authorities are accepted, the rest are
    titles, headings, notes and printed subtotals.
    Raises `WorkbookError` if a sheet, a heading, an authority or a figure is not as the layout
    says; nothing is guessed and nothing is left out.
    """
    workbook = OpenedWorkbook(path)
    tables, physical, accepted = {}, 0, 0
    for name, record in layout.form.records.items():
        found = _find_headings(workbook, layout, record)
        codes = _code_columns(found, layout, record)
        rows = authority_rows(found.sheet, found.first_data_row, codes, record, found.where)
        _check_rows(rows, found, layout)
        tables[name] = _read_record(found, layout, record, rows)
        physical += len(found.sheet.rows)
        accepted += len(rows.numbers)
    return WorkbookRecords(tables, physical, accepted)


def _read_record(
    found: _Found, layout: WorkbookLayout, record: RecordLayout, rows: AuthorityRows
) -> pa.Table:
    blocks: dict[tuple[tuple[str, str], ...], dict[str, Figures]] = {}
    for measure in record.measures:
        for labels, position in _measure_columns(found, layout, record, measure):
            cells = [_cell(row, position) for row in rows.cells]
            column = column_letter(position)
            figures = figures_in(cells, rows, measure, layout.form.marks, column, found.where)
            blocks.setdefault(labels, {})[measure.column] = figures
    return pa.concat_tables(
        _block(rows, layout, record, labels, figures) for labels, figures in blocks.items()
    )


def _find_headings(
    workbook: OpenedWorkbook, layout: WorkbookLayout, record: RecordLayout
) -> _Found:
    sheet = workbook.sheet(_sheet_name(workbook, record))
    where = f"{workbook.path.name}, sheet '{sheet.name}'"
    for index, row in enumerate(sheet.rows[:HEADING_ROWS_SEARCHED]):
        words = [plain(cell) for cell in row]
        if all(columns_matching(patterns, words) for patterns in record.codes.values()):
            group = sheet.rows[max(index + record.heading_rows.group, 0)]
            offset = record.heading_rows.detail
            detail = None if offset is None else sheet.rows[index + offset]
            last = index + max(0, record.heading_rows.group, offset or 0)
            return _Found(where, sheet, index, last + 1, headings_of(group, detail))
    wanted = ", ".join(f"'{patterns[0]}'" for patterns in record.codes.values())
    raise WorkbookError(
        f"{where}: no row of headings found in the first {HEADING_ROWS_SEARCHED} rows; expected "
        f"one row with {wanted}; fetch the file as published, or add the new wording to "
        f"{layout.source.name}"
    )


def _sheet_name(workbook: OpenedWorkbook, record: RecordLayout) -> str:
    for name in record.sheets:
        if name in workbook.sheet_names:
            return name
    wanted = " or ".join(f"'{name}'" for name in record.sheets)
    hidden = [name for name in record.sheets if workbook.is_hidden(name)]
    if hidden:
        raise WorkbookError(
            f"{workbook.path.name}: sheet '{hidden[0]}' is hidden, expected it to be visible; "
            "hidden sheets are not read: fetch the file as published"
        )
    shown = shortened(", ".join(workbook.sheet_names))
    raise WorkbookError(
        f"{workbook.path.name}: sheet {wanted} expected, sheets {shown} found; "
        "fetch the file as published"
    )


def _code_columns(
    found: _Found, layout: WorkbookLayout, record: RecordLayout
) -> dict[str, int | None]:
    row = [plain(cell) for cell in found.sheet.rows[found.heading_row]]
    columns: dict[str, int | None] = {}
    for name, patterns in (record.codes | record.optional_codes).items():
        # The first wording found counts: "Local authority" is also printed over predecessors.
        by_wording = (columns_matching([pattern], row) for pattern in patterns)
        positions = next((some for some in by_wording if some), [])
        if len(positions) > 1:
            raise _ambiguous(found, layout, name, positions)
        columns[name] = positions[0] if positions else None
    return columns


def _measure_columns(
    found: _Found, layout: WorkbookLayout, record: RecordLayout, measure: Measure
) -> Iterator[tuple[tuple[tuple[str, str], ...], int]]:
    labels = tuple(measure.labels.items())
    if not measure.across or record.across is None:
        position = _one_column(found, layout, record, measure, measure.headings)
        if position is not None:
            yield labels, position
        return
    for value, below in record.across.values.items():
        if value in measure.without:
            continue
        patterns = [f"{heading} | {words}" for heading in measure.headings for words in below]
        position = _one_column(found, layout, record, measure, patterns)
        if position is not None:
            yield ((record.across.column, value), *labels), position


def _one_column(
    found: _Found,
    layout: WorkbookLayout,
    record: RecordLayout,
    measure: Measure,
    patterns: Iterable[str],
) -> int | None:
    wanted = [fill_year(pattern, layout.financial_year) for pattern in patterns]
    positions = columns_matching(wanted, found.headings)
    if not positions:
        if measure.optional:
            return None
        nearest = nearest_heading(wanted[0], _unclaimed(found, record))
        raise WorkbookError(
            f"{found.where}: no column for {measure.column}; expected the heading "
            f"'{shortened(wanted[0])}', nearest found is '{nearest}'; fetch the file as "
            f"published, or add the new wording to {layout.source.name}"
        )
    if len(positions) > 1 and measure.occurrence == "only":
        raise _ambiguous(found, layout, measure.column, positions)
    return positions[-1]


def _unclaimed(found: _Found, record: RecordLayout) -> list[str]:
    # Another measure's heading is often the most alike, and never the one that was renamed.
    known = [
        pattern.replace("{year}", "*")
        for measure in record.measures
        for heading in measure.headings
        for pattern in (heading, f"{heading} | *")
    ]
    claimed = set(columns_matching(known, found.headings))
    return [text for at, text in enumerate(found.headings) if at not in claimed]


def _ambiguous(
    found: _Found, layout: WorkbookLayout, name: str, positions: list[int]
) -> WorkbookError:
    letters = ", ".join(column_letter(position) for position in positions)
    return WorkbookError(
        f"{found.where}: columns {letters} all fit {name}, expected one; "
        f"make the wording in {layout.source.name} narrower"
    )


def _check_rows(rows: AuthorityRows, found: _Found, layout: WorkbookLayout) -> None:
    if rows.authority_count != layout.edition.authorities:
        raise WorkbookError(
            f"{found.where}: {rows.authority_count} billing authorities found, "
            f"{layout.edition.authorities} expected for {layout.financial_year}; the sheet is cut "
            f"short or has been edited: fetch the file as published, or correct `authorities` in "
            f"{layout.source.name}"
        )
    hidden = sorted(found.sheet.hidden_rows & set(range(1, max(rows.numbers) + 1)))
    if hidden and layout.edition.hidden_rows == "refuse":
        raise WorkbookError(
            f"{found.where}: row {hidden[0]} is hidden ({len(hidden)} in all), expected none; "
            "show all rows and save, or say `hidden_rows: read` for this edition in "
            f"{layout.source.name}"
        )


def _cell(row: list[Cell], position: int) -> Cell:
    return row[position] if position < len(row) else ""


def _block(
    rows: AuthorityRows,
    layout: WorkbookLayout,
    record: RecordLayout,
    labels: tuple[tuple[str, str], ...],
    figures: dict[str, Figures],
) -> pa.Table:
    size = len(rows.numbers)
    columns: dict[str, pa.Array] = {"source_row": pa.array(rows.numbers, pa.int64())}
    columns |= {name: pa.array(values, pa.string()) for name, values in rows.codes.items()}
    columns["financial_year"] = pa.array([layout.financial_year] * size, pa.string())
    columns |= {name: pa.array([value] * size, pa.string()) for name, value in labels}
    types = {measure.column: measure.arrow_type for measure in record.measures}
    for name, kind in types.items():
        columns[name] = figures[name].values if name in figures else pa.nulls(size, kind)
    first = figures.get(record.measures[0].column)
    columns["mark"] = first.marks if first else pa.nulls(size, pa.string())
    return pa.table(columns)
