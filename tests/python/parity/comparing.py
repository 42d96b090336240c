"""Whether two builds of a page say the same, part by part."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from parity.reading import Part

# A chart's data as its CSV file has it: one row a line, column by column.
Rows = list[dict[str, str]]
DIGIT = re.compile(r"\d")
KINDS = ("text", "value", "table", "map", "chart")


def figures(parts: list[Part]) -> list[str]:
    """Return every text of a page that holds a figure, in reading order."""
    return [text for part in parts for text in _texts(part) if DIGIT.search(text)]


def without_figures(pages: dict[str, list[Part]]) -> list[str]:
    """Return the addresses of the pages that say no figure."""
    return sorted(address for address, parts in pages.items() if not figures(parts))


def _texts(told: Any) -> Iterator[str]:
    if isinstance(told, dict):
        for value in told.values():
            yield from _texts(value)
    elif isinstance(told, list):
        for value in told:
            yield from _texts(value)
    elif told is not None:
        yield str(told)


def differences(theirs: list[Part], ours: list[Part], folder: Path) -> list[str]:
    """Return what our page lacks, has besides, or has otherwise than the real build, in order.

    `folder` is where our page lies, with its charts' CSV files. A table of the real build shows its
    first page; the rows after it are not compared. Charts are compared by the points that they
    draw: each must be a row of ours.
    """
    labels = [_label(part) for part in theirs], [_label(part) for part in ours]
    found: list[str] = []
    matcher = SequenceMatcher(None, *labels, autojunk=False)
    for kind, from_theirs, to_theirs, from_ours, to_ours in matcher.get_opcodes():
        if kind == "equal":
            pairs = zip(theirs[from_theirs:to_theirs], ours[from_ours:to_ours], strict=True)
            found += [line for pair in pairs for line in _inside(*pair, folder)]
            continue
        found += [f"only in Evidence: {label}" for label in labels[0][from_theirs:to_theirs]]
        found += [f"only in ours: {label}" for label in labels[1][from_ours:to_ours]]
    return found


def _label(part: Part) -> str:
    kind = next(kind for kind in KINDS if kind in part)
    return f"{kind} {part[kind]!r}"


def _inside(theirs: Part, ours: Part, folder: Path) -> list[str]:
    if "chart" in theirs:
        return _chart(theirs, ours, folder)
    if "map" in theirs:
        theirs, ours = ({"rows": sorted(part["areas"])} for part in (theirs, ours))
    label = _label(theirs) if "rows" not in theirs or "table" in theirs else "map"
    found = []
    for name in ("shown", "heads", "rows"):
        their, our = theirs.get(name, []), ours.get(name, [])
        if name == "rows" and label != "map":
            our = our[: len(their)]
        if name == "rows":
            pairs = list(zip(their, our, strict=False))
            found += [f"{label}: {a} is {b} in ours" for a, b in pairs if a != b]
            found += [f"{label}: row {row} is not in ours" for row in their[len(our) :]]
            found += [f"{label}: row {row} is only in ours" for row in our[len(their) :]]
        elif their != our:
            found.append(f"{label}: {their} is {our} in ours")
    return found


def _chart(theirs: Part, ours: Part, folder: Path) -> list[str]:
    label = _label(theirs)
    if not theirs["series"]:
        return [f"{label}: Evidence drew nothing"]
    rows = chart_rows(folder / ours["file"])
    several = len(theirs["series"]) > 1
    return [
        f"{label}: {name} at {x} is {y:g}, and in no row of ours"
        for name, points in theirs["series"].items()
        for x, y in points
        # Evidence draws as nought what is hidden or missing where bars or areas are stacked.
        if y and not _stands(rows, name if several else "", str(x), float(y))
    ]


def chart_rows(path: Path) -> Rows:
    """Return the rows behind one of our charts."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _stands(rows: Rows, series: str, x: str, y: float) -> bool:
    """Return whether a row has x and y, and the series' name where rows are told apart by it."""
    by_name = any(series in row.values() for row in rows) if series else False
    return any(
        any(_same(cell, x) for cell in row.values())
        and any(_is(cell, y) for cell in row.values())
        and (not by_name or series in row.values())
        for row in rows
    )


def _same(cell: str, x: str) -> bool:
    return cell == x or (_number(cell) is not None and _number(cell) == _number(x))


def _is(cell: str, y: float) -> bool:
    number = _number(cell)
    return number is not None and math.isclose(number, y, rel_tol=1e-9, abs_tol=1e-12)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
