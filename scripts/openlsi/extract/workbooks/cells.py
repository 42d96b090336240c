"""Figures out of cells: numbers as printed, marks kept apart, anything else refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from openlsi.extract.workbooks.family import Measure
from openlsi.extract.workbooks.headings import shortened
from openlsi.extract.workbooks.opened import Cell, WorkbookError
from openlsi.extract.workbooks.rows import AuthorityRows

# Some cells hold a number that was typed as text; thousands separators and signs of currency are
# not among them, so they are refused rather than interpreted.
NUMBER_AS_TEXT = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Figures:
    """One column of figures, and the mark printed where there is no figure."""

    values: pa.Array
    marks: pa.Array


def figures_in(
    cells: list[Cell],
    rows: AuthorityRows,
    measure: Measure,
    marks: Mapping[str, str],
    column: str,
    where: str,
) -> Figures:
    """Return the figures of one column; name the cell of anything that is not one."""
    numbers: list[float | None] = []
    printed: list[str | None] = []
    for index, cell in enumerate(cells):
        number = _number(cell)
        mark = None if number is not None else marks.get(str(cell).strip())
        # England's line is left blank where a total means nothing (an average of areas, say).
        blank = rows.is_england(index) and not str(cell).strip()
        whole = measure.type != "whole" or number is None or number.is_integer()
        if (number is None and mark is None and not blank) or not whole:
            expected = "a whole number" if measure.type == "whole" else "a number"
            raise WorkbookError(
                f"{where}, cell {column}{rows.numbers[index]}: '{shortened(str(cell), 40)}' found, "
                f"{expected} or one of {', '.join(marks)} expected for {measure.column}; "
                "fetch the file as published"
            )
        numbers.append(number)
        printed.append(mark)
    values = pa.array(numbers, pa.float64()).cast(measure.arrow_type)
    return Figures(values, pa.array(printed, pa.string()))


def _number(cell: Cell) -> float | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return float(cell)
    if isinstance(cell, str) and NUMBER_AS_TEXT.fullmatch(cell.strip()):
        return float(cell.strip())
    return None
