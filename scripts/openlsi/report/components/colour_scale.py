"""Where a value stands on a colour scale, in steps that the style sheet can turn dark."""

from __future__ import annotations

import itertools

from openlsi.report.components.columns import Head
from openlsi.report.data import Table, Value

STEPS = 7


def steps_of(table: Table, head: Head) -> list[str | None]:
    """Return the class of each cell's step, such as `scale-s3`, or None where there is no number.

    `s` is one ramp from light to dark; `d` runs from orange over plain to blue, for columns that
    have a middle (colorMid, or three or more break points or colours).
    """
    values = table.values(head.props["scaleColumn"] or head.column)
    numbers = [number for number in map(_number, values) if number is not None]
    if not numbers:
        return [None] * len(values)
    colours = head.props["colorScale"]
    points = _points(head, numbers, isinstance(colours, list) and len(colours) > 2)
    ramp = "d" if len(points) > 2 else "s"
    return [
        None
        if (number := _number(value)) is None
        else f"scale-{ramp}{min(int(_share(number, points) * STEPS), STEPS - 1)}"
        for value in values
    ]


def _number(value: Value) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and value is not None else None


def _points(head: Head, numbers: list[float], has_middle: bool) -> list[float]:
    """Return the values at which the scale begins, turns and ends."""
    props = head.props
    breaks = props["colorBreakpoints"]
    if isinstance(breaks, list) and len(breaks) > 1:
        return sorted(float(point) for point in breaks)
    low = props["colorMin"] if props["colorMin"] is not None else min(numbers)
    high = props["colorMax"] if props["colorMax"] is not None else max(numbers)
    if props["colorMid"] is not None:
        return [low, props["colorMid"], high]
    return [low, (low + high) / 2, high] if has_middle else [low, high]


def _share(value: float, points: list[float]) -> float:
    """Return how far along the scale a value stands, from 0 to 1, each piece as long as another."""
    if value <= points[0]:
        return 0.0
    for i, (low, high) in enumerate(itertools.pairwise(points)):
        if value <= high:
            within = (value - low) / (high - low) if high > low else 0.0
            return (i + within) / (len(points) - 1)
    return 1.0
