"""How wide words are, for drawings that are made without the chart engine."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from openlsi.report.javascript_engine import script

UNKNOWN = 600


@cache
def _widths() -> dict[str, Any]:
    widths: dict[str, Any] = json.loads(script("charts", "text_widths.json"))
    return widths


def width_of(text: str, size: float, is_bold: bool = False) -> float:
    """Return the width of a line of Arial in pixels at a size in pixels."""
    table = _widths()["bold" if is_bold else "normal"]
    return sum(float(table.get(letter, UNKNOWN)) for letter in text) * size / 1000


def shortened(text: str, size: float, room: float) -> str:
    """Return a text that fits, its end replaced by … where it would not."""
    if width_of(text, size) <= room:
        return text
    while text and width_of(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def two_lines(text: str) -> list[str]:
    """Return a text broken at the space that makes both lines most alike in length."""
    spaces = [i for i, letter in enumerate(text) if letter == " "]
    if not spaces:
        return [text]
    middle = min(spaces, key=lambda i: abs(i - len(text) / 2))
    return [text[:middle], text[middle + 1 :]]
