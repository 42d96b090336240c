"""Colours of charts: the Government Analysis Function's palette, named so that CSS can swap them.

An SVG carries the light colours as attributes and a class for each; the style sheet gives the
class its colour in dark mode and in print.
"""

from __future__ import annotations

CATEGORICAL = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
TEXT = "#0B0C0C"
MUTED = "#484949"
GRID = "#D9DCDE"
AXIS = "#7C8184"
GAP = "#FFFFFF"
GREY = "#BFBFBF"
SEQUENTIAL = ("#12436D", "#2073BC", "#6BACE6")

ON_LIGHT = "#000000"
DARK = frozenset({CATEGORICAL[0], CATEGORICAL[2], CATEGORICAL[4], SEQUENTIAL[1]})

DASHES: tuple[str | list[int], ...] = ("solid", [7, 4], [2, 3], [10, 3, 2, 3], [4, 2], [1, 2])
MARKERS = ("circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect")

CLASSES = {
    **{colour: f"s{number}" for number, colour in enumerate(CATEGORICAL, start=1)},
    TEXT: "ct",
    MUTED: "cm",
    GRID: "cg",
    AXIS: "ca",
    GAP: "cw",
    GREY: "sg",
    SEQUENTIAL[1]: "q2",
    SEQUENTIAL[2]: "q3",
}


def text_on(colour: str) -> str:
    """Return the colour of text on a bar: the dark bars turn light in dark mode, and so must it."""
    return GAP if colour.upper() in DARK else ON_LIGHT


def class_of(colour: str) -> str | None:
    """Return the class of a colour that the style sheet knows."""
    return CLASSES.get(colour.upper())
