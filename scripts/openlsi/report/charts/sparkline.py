"""Sparklines: a word-sized line, area or set of bars, drawn without the chart engine."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from markupsafe import Markup

from openlsi.report.charts import palette
from openlsi.report.templating import render

KINDS = ("line", "area", "bar")
EDGE = 2.0
"""Room at each side, so that neither a thick line nor a last point is cut off."""


def sparkline(
    values: Sequence[float | None],
    kind: str = "line",
    *,
    label: str = "",
    colour: str = palette.CATEGORICAL[0],
    is_scaled: bool = False,
    width: int = 50,
    height: int = 15,
) -> Markup:
    """Return the SVG of values in order; a missing or hidden one is None and leaves a gap.

    `kind` is line, area or bar; width and height are pixels. With a label the drawing is an image
    with that text; without, it says nothing that is not beside it and is hidden from readers of
    the page. Unless scaled, the scale begins at nought.
    """
    places = _places(values, is_scaled, width, height, kind)
    runs = [
        [point for _, point in run]
        for present, run in groupby(enumerate(places), lambda item: item[1] is not None)
        if present
    ]
    known = [[point for point in run if point is not None] for run in runs]
    base = _base(values, is_scaled, height)
    last = known[-1][-1] if known else None
    return render(
        "drawings/sparkline.svg.jinja",
        kind=kind,
        label=label,
        colour=colour,
        name=palette.class_of(colour) or "s1",
        width=width,
        height=height,
        base=base,
        lines=[run for run in known if len(run) > 1],
        dots=[run[0] for run in known if len(run) == 1],
        bars=_bars(known, base, len(values), width),
        last=last,
    )


def _limits(values: Sequence[float | None], is_scaled: bool) -> tuple[float, float]:
    known = [value for value in values if value is not None] or [0.0]
    low, high = min(known), max(known)
    if not is_scaled:
        low, high = min(low, 0.0), max(high, 0.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _height_of(value: float, limits: tuple[float, float], height: int) -> float:
    low, high = limits
    return round(height - EDGE - (value - low) / (high - low) * (height - 2 * EDGE), 1)


def _base(values: Sequence[float | None], is_scaled: bool, height: int) -> float:
    """Return where areas and bars stand: at nought, or at the foot where that is out of sight."""
    limits = _limits(values, is_scaled)
    return _height_of(min(max(0.0, limits[0]), limits[1]), limits, height)


def _places(
    values: Sequence[float | None], is_scaled: bool, width: int, height: int, kind: str
) -> list[tuple[float, float] | None]:
    limits = _limits(values, is_scaled)
    count = len(values)
    if kind == "bar":
        step, start = width / max(count, 1), width / max(count, 1) / 2
    else:
        step, start = (width - 2 * EDGE) / max(count - 1, 1), EDGE
    return [
        None
        if value is None
        else (round(start + step * number, 1), _height_of(value, limits, height))
        for number, value in enumerate(values)
    ]


def _bars(
    runs: list[list[tuple[float, float]]], base: float, count: int, width: int
) -> list[tuple[float, float, float, float]]:
    """Return (x, y, width, height) of bars, each at least half a pixel high to be seen."""
    thick = round(max(width / max(count, 1) * 0.75, 0.5), 1)
    return [
        (round(x - thick / 2, 1), min(y, base), thick, max(round(abs(y - base), 1), 0.5))
        for run in runs
        for x, y in run
    ]
