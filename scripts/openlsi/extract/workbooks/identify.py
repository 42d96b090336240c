"""Which workbook a file is: by the titles on its sheets, never by its name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from openlsi.extract.workbooks.family import (
    Form,
    Title,
    WorkbookFamily,
    WorkbookLayout,
    fill_year,
)
from openlsi.extract.workbooks.headings import matches, plain, shortened
from openlsi.extract.workbooks.opened import OpenedWorkbook, WorkbookError

TITLE_ROWS = 40


def identify_workbook(path: Path, families: Mapping[Path, WorkbookFamily]) -> WorkbookLayout | None:
    """Return the layout that this file's titles fit, or None if no layout does.

    Raises `WorkbookError` if the file cannot be opened, or fits two layouts.
    """
    workbook = OpenedWorkbook(path)
    found = [
        WorkbookLayout(family, edition, source)
        for source, family in families.items()
        for edition in family.editions
        if all(
            _has_title(workbook, title, edition.financial_year)
            for title in family.forms[edition.form].titles
        )
    ]
    if len(found) > 1:
        names = ", ".join(f"{layout.name} {layout.financial_year}" for layout in found)
        raise WorkbookError(
            f"{path.name}: fits more than one layout ({names}), expected one; "
            f"make the titles in {found[0].source.name} tell them apart"
        )
    return found[0] if found else None


def explain_unknown(path: Path, families: Mapping[Path, WorkbookFamily]) -> WorkbookError:
    """Return the refusal of a file that no layout fits: the nearest one, and what differs."""
    workbook = OpenedWorkbook(path)
    if not families:
        return WorkbookError(f"{path.name}: no workbook layout is configured")
    (titles_found, _), source, family, name = max(
        (
            (_score(workbook, form), source, family, name)
            for source, family in families.items()
            for name, form in family.forms.items()
        ),
        key=lambda candidate: candidate[0],
    )
    form = family.forms[name]
    differing = [_difference(workbook, title) for title in form.titles]
    told = [text for text in differing if text]
    if not told:
        known = ", ".join(e.financial_year for e in family.editions if e.form == name)
        told = [f"its year is not among the editions listed for that form ({known})"]
    remedy = (
        f"if it is a further year, add its edition to {source.name}"
        if titles_found
        else "if it should be read, write a layout for it"
    )
    return WorkbookError(
        f"{path.name}: not a workbook that is known; nearest is '{family.title}' ({name}): "
        f"{'; '.join(told)}; {remedy}"
    )


def _score(workbook: OpenedWorkbook, form: Form) -> tuple[int, int]:
    titles = sum(not _difference(workbook, title) for title in form.titles)
    wanted = {title.sheet for title in form.titles}
    wanted.update(sheet for record in form.records.values() for sheet in record.sheets)
    return titles, len(wanted & set(workbook.sheet_names))


def _difference(workbook: OpenedWorkbook, title: Title) -> str:
    if title.sheet not in workbook.sheet_names:
        shown = shortened(", ".join(workbook.sheet_names))
        return f"sheet '{title.sheet}' expected, sheets {shown} found"
    anywhen = title.text.replace("{year}", "*").replace("{start_year}", "*")
    if not _title_found(workbook, title.sheet, anywhen):
        return f"title '{title.text}' expected on sheet '{title.sheet}', not found"
    return ""


def _has_title(workbook: OpenedWorkbook, title: Title, financial_year: str) -> bool:
    if title.sheet not in workbook.sheet_names:
        return False
    return _title_found(workbook, title.sheet, fill_year(title.text, financial_year))


def _title_found(workbook: OpenedWorkbook, sheet: str, pattern: str) -> bool:
    # A title stands alone in its row: the previous year's label, which is a column heading on the
    # same sheet, must not make a workbook look like that year's.
    for row in workbook.sheet(sheet).rows[:TITLE_ROWS]:
        filled = [plain(cell) for cell in row if plain(cell)]
        if len(filled) == 1 and matches(pattern, filled[0]):
            return True
    return False
