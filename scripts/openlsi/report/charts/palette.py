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

# Five steps from least to most. Each has a colour code of its own, though some are a hair's breadth
# from one above, because the style sheet turns the whole ramp round in dark mode.
RAMP = ("#CFE1F2", "#9CC3E6", "#5F9FDB", "#2A6FB5", "#12436C")
ON_RAMP = ("#0B0C0B", "#0B0D0C", "#0C0C0C", "#FFFFFE", "#FEFFFF")

ON_LIGHT = "#000000"
DARK = frozenset({CATEGORICAL[0], CATEGORICAL[2], CATEGORICAL[4], SEQUENTIAL[1]})

DASHES: tuple[str | list[int], ...] = ("solid", [7, 4], [2, 3], [10, 3, 2, 3], [4, 2], [1, 2])
POINTS = ("circle", "rect", "triangle", "diamond", "pin", "arrow")
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
    **{colour: f"r{number}" for number, colour in enumerate(RAMP, start=1)},
    **{colour: f"o{number}" for number, colour in enumerate(ON_RAMP, start=1)},
}


def text_on(colour: str) -> str:
    """Return the colour of text on a bar: the dark bars turn light in dark mode, and so must it."""
    return GAP if colour.upper() in DARK else ON_LIGHT


def class_of(colour: str) -> str | None:
    """Return the class of a colour that the style sheet knows."""
    return CLASSES.get(colour.upper())
