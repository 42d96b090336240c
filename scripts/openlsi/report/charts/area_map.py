"""A map as its own SVG: areas with their colours, names where they fit, and what each says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openlsi.report.charts import palette
from openlsi.report.charts.axes import NARROW
from openlsi.report.charts.boundaries import (
    Area,
    Plane,
    path_of,
    plane_for,
    widest_level,
)
from openlsi.report.charts.svg import Drawing
from openlsi.report.charts.text import two_lines, width_of
from openlsi.report.templating import render

LABEL_SIZE = 11
MOST_LABELS = 60


@dataclass(frozen=True)
class Patch:
    """An area as it is drawn; no colour is an outline only, `is_hidden` a hatched area."""

    area: Area
    colour: str | None
    says: str = ""
    link: str | None = None
    is_hidden: bool = False
    text_colour: str = palette.TEXT


def area_map(patches: Sequence[Patch], width: int, most_height: int) -> Drawing:
    """Return the map of areas in order, later ones on top."""
    filled = [patch for patch in patches if patch.colour or patch.is_hidden]
    plane = plane_for([patch.area for patch in patches], width, most_height)
    labels = []
    if width >= NARROW and len(filled) <= MOST_LABELS:
        labels = [label for patch in filled for label in _labels(plane, patch)]
    inner = render(
        "drawings/area_map.svg.jinja",
        shapes=[_shape(plane, patch, len(filled)) for patch in patches],
        labels=labels,
        none=palette.GAP,
        axis=palette.AXIS,
        text=palette.TEXT,
    )
    return Drawing(str(inner), plane.width, plane.height)


def _shape(plane: Plane, patch: Patch, count: int) -> dict[str, Any]:
    return {
        "path": path_of(plane, patch.area),
        "colour": patch.colour,
        "name": palette.class_of(patch.colour) if patch.colour else None,
        "is_hidden": patch.is_hidden,
        "says": patch.says,
        "link": patch.link,
        # Many small areas would be nothing but edges.
        "edge": 1 if count <= MOST_LABELS else 0.4,
    }


def _labels(plane: Plane, patch: Patch) -> list[dict[str, Any]]:
    """Return the lines of an area's name where it fits inside its largest part, else none."""
    rings = [plane.ring(ring) for ring in patch.area.rings]
    largest = max(rings, key=_size)
    for lines in ([patch.area.name], two_lines(patch.area.name)):
        x, y, room = widest_level(largest, LABEL_SIZE * 1.25 * len(lines))
        if max(width_of(line, LABEL_SIZE) for line in lines) + 4 <= room:
            top = y - LABEL_SIZE * 1.15 * (len(lines) - 1) / 2 + LABEL_SIZE * 0.35
            return [
                {
                    "text": line,
                    "x": round(x, 1),
                    "y": round(top + number * LABEL_SIZE * 1.15, 1),
                    "colour": patch.text_colour,
                    "name": palette.class_of(patch.text_colour) or "ct",
                }
                for number, line in enumerate(lines)
            ]
    return []


def _size(points: Sequence[tuple[float, float]]) -> float:
    """Return the area of a ring by the shoelace formula."""
    pairs = zip(points, [*points[1:], points[0]], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2
