"""A funnel: how much is left at each stage, as bars of true width with the steps between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from openlsi.report.charts import palette
from openlsi.report.charts.axes import FONT_SIZE, NARROW
from openlsi.report.charts.svg import Drawing
from openlsi.report.charts.text import shortened, width_of
from openlsi.report.templating import render

BAR = 32
STEP = 16
NAME = 18


@dataclass(frozen=True)
class Stage:
    """A stage: its name, value (None where it is hidden) and the text of the value."""

    name: str
    value: float | None
    text: str


def funnel(stages: Sequence[Stage], width: int, align: str = "center") -> Drawing:
    """Return the drawing of stages from top to bottom; align is left, center or right."""
    narrow = width < NARROW
    names = max((width_of(stage.name, FONT_SIZE) for stage in stages), default=0.0)
    left = 0.0 if narrow else min(names, width * 0.3) + 12
    room = width - left
    most = max((stage.value or 0.0 for stage in stages), default=0.0) or 1.0
    bars = [
        _bar(stage, (left, room, float(width)), (stage.value or 0.0) / most, number, align)
        for number, stage in enumerate(stages)
    ]
    height = len(stages) * _pitch(narrow) - STEP + 4 + (NAME if narrow else 0)
    inner = render(
        "drawings/funnel.svg.jinja",
        bars=bars,
        steps=_steps(bars),
        height=BAR,
        narrow=narrow,
        colour=palette.CATEGORICAL[0],
        pale=palette.RAMP[1],
        text=palette.TEXT,
        on_colour=palette.GAP,
        edge=palette.AXIS,
    )
    return Drawing(str(inner), width, height)


def _pitch(narrow: bool) -> int:
    """Return the height of a stage with the step below it; names stand above on a small screen."""
    return BAR + STEP + (NAME if narrow else 0)


def _bar(
    stage: Stage, sheet: tuple[float, float, float], share: float, number: int, align: str
) -> dict[str, object]:
    """Return one bar with its words: inside where they fit, else beside it."""
    left, room, width = sheet
    narrow = width < NARROW
    top = number * _pitch(narrow) + (NAME if narrow else 2)
    size = max(share * room, 1.0)
    start = left + {"left": 0.0, "center": (room - size) / 2, "right": room - size}[align]
    words = width_of(stage.text, FONT_SIZE, True)
    inside = words + 12 <= size
    after = start + size + 6
    fits_after = after + words <= width
    text_x = start + size / 2 if inside else after if fits_after else start - 6
    return {
        "name": shortened(stage.name, FONT_SIZE, width if narrow else left - 12),
        "full": f"{stage.name}: {stage.text}",
        "text": stage.text,
        "is_hidden": stage.value is None,
        "inside": inside,
        "x": round(start, 1),
        "y": top,
        "width": round(size, 1),
        "text_x": round(text_x, 1),
        "anchor": "middle" if inside else "start" if fits_after else "end",
        "name_x": 0 if narrow else round(left - 12, 1),
        "name_y": top - 6 if narrow else top + BAR / 2 + 4,
    }


def _steps(bars: list[dict[str, object]]) -> list[str]:
    """Return the outlines between each bar and the next; none beside a hidden one."""
    found: list[str] = []
    for above, below in pairwise(bars):
        if above["is_hidden"] or below["is_hidden"]:
            continue
        ax, aw, ay = float(str(above["x"])), float(str(above["width"])), float(str(above["y"]))
        bx, bw, by = float(str(below["x"])), float(str(below["width"])), float(str(below["y"]))
        foot = ay + BAR
        head = by
        found.append(
            f"M{ax:.1f},{foot:.1f}L{ax + aw:.1f},{foot:.1f}"
            f"L{bx + bw:.1f},{head:.1f}L{bx:.1f},{head:.1f}Z"
        )
    return found
