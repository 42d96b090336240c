"""Column headings: from the rows they are printed in to the one column that each measure has."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

from openlsi.extract.workbooks.opened import Cell


def plain(cell: Cell) -> str:
    """Return a cell's words for comparison: lower case, single spaces, no numbering, no notes.

    Line and table numbers go because they shift from year to year while the words stay
    (the area's Band D is line 15 in 2018-19 and line 17 from 2020-21).
    """
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    text = re.sub(r"\[(?:note )?\w\]|\(R\)", " ", text)
    text = " ".join(text.split()).lower()
    return re.sub(r"^(?:(?:table|tabel) \d+\.\d+\.?|\d+[a-z]?\.)\s*", "", text).strip()


def matches(pattern: str, text: str) -> bool:
    """Say whether plain text fits a pattern, in which `*` stands for any words."""
    regex = ".*".join(re.escape(part) for part in plain(pattern).split("*"))
    return re.fullmatch(regex, text) is not None


def headings_of(group: Sequence[Cell], detail: Sequence[Cell] | None) -> list[str]:
    """Return each column's heading, `group | detail` where it has both.

    A group heading is printed once, over the first of its columns; it runs on over the columns
    that have a detail heading of their own, and ends at the first that has none.
    """
    if detail is None:
        return [plain(cell) for cell in group]
    width = max(len(group), len(detail))
    groups = [plain(cell) for cell in group] + [""] * (width - len(group))
    details = [plain(cell) for cell in detail] + [""] * (width - len(detail))
    found: list[str] = []
    running = ""
    for own, below in zip(groups, details, strict=True):
        running = own or (running if below else "")
        found.append(" | ".join(part for part in (running, below) if part))
    return found


def columns_matching(patterns: Iterable[str], headings: Sequence[str]) -> list[int]:
    """Return the positions of the columns whose heading fits one of the patterns."""
    alternatives = list(patterns)
    return [
        position
        for position, heading in enumerate(headings)
        if heading and any(matches(pattern, heading) for pattern in alternatives)
    ]


def nearest_heading(pattern: str, headings: Sequence[str]) -> str:
    """Return the heading most like a pattern, shortened for a message, or an empty text."""
    found = difflib.get_close_matches(plain(pattern), [h for h in headings if h], n=1, cutoff=0.3)
    return shortened(found[0]) if found else ""


def shortened(text: str, limit: int = 120) -> str:
    """Return text cut to a length that fits a message."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def column_letter(position: int) -> str:
    """Return a column's letters in a spreadsheet, from its position counted from 0."""
    letters = ""
    number = position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
