"""What a file says of itself: the names in its header, and header and trailer lines."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from openlsi.extract.layout_files import FileLayout
from openlsi.extract.layouts import Layout
from openlsi.extract.lines import Lines
from openlsi.extract.patterns import parse_month, parse_produced
from openlsi.extract.refusals import ASK_AGAIN, RefusedFileError


@dataclass(frozen=True)
class HeaderFacts:
    """What a header line says."""

    district: str | None = None
    month: str | None = None
    produced_at: datetime | None = None


def header_index(lines: Lines, file: FileLayout, file_name: str) -> int:
    left = np.flatnonzero(~lines.is_blank[file.title_lines :]) + file.title_lines
    if len(left) == 0:
        raise RefusedFileError(file_name, "no header line", "a header", ASK_AGAIN)
    return int(left[0])


def header_names(
    layout: Layout, file: FileLayout, file_name: str, lines: Lines, index: int
) -> list[str]:
    """Return the column names in the order of the file, each expected one exactly once."""
    quote = layout.quote or '"'
    try:
        names = next(csv.reader([lines.text(index)], delimiter=layout.delimiter, quotechar=quote))
    except csv.Error:
        names = []  # a carriage return inside, so no header
    names = [file.canonical(name.strip()) for name in names]
    check_columns(layout, file_name, names, file.required_columns, f"row {lines.numbers[index]}")
    return names


def check_columns(
    layout: Layout, file_name: str, names: list[str], expected: list[str], header: str
) -> None:
    """Raise RefusedFileError unless each expected column stands in the header exactly once."""
    missing = [name for name in expected if name not in names]
    advice = f"ask the sender, or map the new name in layout {layout.layout}"
    if 2 * len(missing) > len(expected):
        # Data may stand where the header should be, so nothing of it is quoted.
        found = f"no header in {header} ({len(missing)} column names are not in it)"
        few = ", ".join(expected[:4]) + (f" and {len(expected) - 4} more" if expected[4:] else "")
        raise RefusedFileError(file_name, found, f"columns {few}", advice)
    if missing:
        extra = [name for name in names if name not in expected]
        known = f", but unknown {_columns(extra)}" if extra else ""
        found = f"no {_columns(missing)} in {header}{known}"
        raise RefusedFileError(file_name, found, f"all {len(expected)} columns", advice)
    ours = {*expected, *layout.every_column}
    twice = sorted({name for name in ours if names.count(name) > 1})
    if twice:
        found = f"{_columns(twice)} more than once in {header}"
        raise RefusedFileError(file_name, found, "each column once", "ask the sender which to use")


def _columns(names: list[str]) -> str:
    return ("column " if len(names) == 1 else "columns ") + ", ".join(names)


def header_facts(layout: Layout, file_name: str, lines: Lines) -> HeaderFacts:
    assert layout.header
    shape = "|".join([layout.header.tag, *layout.header.fields])
    first = np.flatnonzero(~lines.is_blank)
    parts = lines.text(int(first[0])).split(layout.delimiter) if len(first) else []
    if len(parts) != len(layout.header.fields) + 1 or parts[0] != layout.header.tag:
        raise RefusedFileError(file_name, "no header line", shape, ASK_AGAIN)
    said = dict(zip(layout.header.fields, parts[1:], strict=True))
    month = said.get("yyyymm") or said.get("yyyy-mm")
    if month is not None and parse_month(month) is None:
        raise RefusedFileError(file_name, "no month in the header line", shape, ASK_AGAIN)
    produced = said.get("produced_at")
    produced_at = parse_produced(produced or "")
    if produced is not None and produced_at is None:
        raise RefusedFileError(
            file_name, "no time of production in the header line", "20261101T093000", ASK_AGAIN
        )
    districts = [said[name] for name in said if name.startswith("district_")]
    return HeaderFacts(districts[0] if districts else None, month, produced_at)


def trailer_totals(layout: Layout, file_name: str, lines: Lines) -> list[int]:
    assert layout.trailer
    filled = np.flatnonzero(~lines.is_blank)
    last = lines.text(int(filled[-1])).split(layout.delimiter)
    totals = [part for part in last[1:] if part.removeprefix("-").isdigit() and part.isascii()]
    is_whole = lines.ends_with_line_end or not layout.ends_with_line_end
    if last[0] != layout.trailer.tag or len(totals) != len(layout.trailer.fields) or not is_whole:
        raise RefusedFileError(
            file_name,
            "no trailer line at its end",
            f"a line {layout.trailer.tag} with {len(layout.trailer.fields)} totals",
            f"the file was cut short: {ASK_AGAIN}",
        )
    return [int(total) for total in totals]


def told_rows(layout: Layout, total: str, file_name: str, lines: Lines) -> int:
    """Return how many rows the last row of a file says there are above it."""
    last = int(np.flatnonzero(~lines.is_blank)[-1])
    try:
        told = next(
            csv.reader(
                [lines.text(last)], delimiter=layout.delimiter, quotechar=layout.quote or '"'
            )
        )
    except csv.Error:
        told = []  # a carriage return inside
    if told[:1] != [total] or not "".join(told[1:2]).isdecimal():
        raise RefusedFileError(
            file_name, f"no row {total} at its end", f"a last row {total} with the number of rows",
            f"the file was cut short: {ASK_AGAIN}",
        )  # fmt: skip
    return int(told[1])


def check_told_rows(file_name: str, total: str, told: int, rows: int, unknown: int) -> None:
    """Hold the rows of a file against what its last row says.

    Rows of no known kind, `unknown` of them, may be spoilt ones that it counts, or never were any.
    """
    if not rows - unknown <= told <= rows:
        found = "1 row" if rows - unknown == 1 else f"{rows - unknown:,} rows"
        raise RefusedFileError(
            file_name, found, f"{told:,} by its row {total}",
            f"the file was cut short or changed: {ASK_AGAIN}",
        )  # fmt: skip
