"""The axes of an option: ticks that differ, labels that fit, titles where there is room."""

from __future__ import annotations

from typing import Any

from openlsi.report.charts import palette
from openlsi.report.charts.chart import Axis, Chart
from openlsi.report.charts.series import milliseconds
from openlsi.report.charts.text import width_of
from openlsi.report.data import Value

FONT_SIZE = 12
NARROW = 480
_MONTH_MILLISECONDS = 28 * 24 * 3600 * 1000
_LETTER = 6.5
TURNED = 132
"""The most pixels that a turned name may take."""


def label(**more: Any) -> dict[str, Any]:
    """Return the look of an axis's labels."""
    return {"color": palette.TEXT, "fontSize": FONT_SIZE, **more}


def coordinate(chart: Chart, value: Value) -> Value:
    """Return an x as the axis wants it: milliseconds, a number or a name."""
    if chart.x_axis.format["kind"] == "date" and value != "":
        return milliseconds(value)
    return value if chart.data.x_kind == "value" else str(value)


def x_axis(chart: Chart, width: int) -> dict[str, Any]:
    """Return the axis of names, dates or numbers."""
    kind = chart.data.x_kind
    settings = chart.x_axis
    axis: dict[str, Any] = {
        "type": kind,
        "axisLine": {"show": True, "lineStyle": {"color": palette.AXIS}},
        "axisTick": {"show": False},
        "splitLine": {"show": False},
        "axisLabel": label(
            show=settings.has_labels,
            hideOverlap=True,
            margin=8,
            padding=[0, 4, 0, 4] if kind == "time" else 0,
        ),
    }
    if settings.title and not chart.swapped:
        axis |= {
            "name": settings.title,
            "nameLocation": "middle",
            "nameGap": 30,
            "nameTextStyle": {"color": palette.MUTED, "fontSize": FONT_SIZE},
        }
    if kind == "category":
        return axis | _categories(axis["axisLabel"], chart, width)
    return axis | _continuous(axis["axisLabel"], chart, width)


def _continuous(settings: dict[str, Any], chart: Chart, width: int) -> dict[str, Any]:
    """Return what an axis of dates or numbers has beside its line."""
    axis: dict[str, Any] = {"scale": True, "axisLabel": settings}
    for name, bound in zip(("min", "max"), chart.x_bounds, strict=True):
        if bound is not None:
            axis[name] = bound
    if chart.x_step:
        axis["interval"] = chart.x_step
    if chart.data.x_kind == "time":
        axis["splitNumber"] = 3 if width < NARROW else 6
        # Monthly figures: without a least step a short series is ticked by the week, and every tick
        # of a month reads the same.
        if _is_monthly(chart):
            axis["minInterval"] = _MONTH_MILLISECONDS
        if chart.x_axis.format["tag"]:
            settings["formatter"] = {"$format": chart.x_axis.format}
        return axis
    axis["splitNumber"] = 4 if width < NARROW else 6
    settings["formatter"] = {"$format": chart.x_axis.format | _ticks_of_x(chart)}
    if chart.x_axis.is_whole:
        axis["minInterval"] = 1
    if chart.has("scatter"):
        axis["splitLine"] = {"show": True, "lineStyle": {"color": palette.GRID}}
        axis["boundaryGap"] = ["2%", "2%"]
    return axis


def _ticks_of_x(chart: Chart) -> dict[str, Any]:
    """Return the span of a number axis; a year or a code keeps its own format."""
    numbers = [float(x) for x in chart.data.order if isinstance(x, int | float)]
    return {"ticks": [min(numbers), max(numbers)]} if numbers else {}


def _is_monthly(chart: Chart) -> bool:
    return {str(value)[8:10] for value in chart.data.order} == {"01"}


def _categories(settings: dict[str, Any], chart: Chart, width: int) -> dict[str, Any]:
    """Show every category's name: beside its bar, or turned where it would not fit below."""
    order = chart.data.order
    names: list[Value] = [str(value) for value in order]
    if chart.x_axis.format["kind"] in ("date", "number"):
        settings["formatter"] = {"$format": chart.x_axis.format}
        names = [coordinate(chart, value) for value in order]
    if chart.swapped:
        settings |= {
            "interval": 0,
            "hideOverlap": False,
            "width": round(width * (0.34 if width < NARROW else 0.3)),
            "overflow": "break" if width < NARROW else "truncate",
        }
        return {"data": names, "inverse": True, "axisLabel": settings}
    settings |= fitted([str(value) for value in order], width)
    return {"data": names, "axisLabel": settings}


def fitted(names: list[str], width: int) -> dict[str, Any]:
    """Return how names below an axis are laid: level, broken into lines, or turned."""
    room = (width - 60) / max(len(names), 1)
    more: dict[str, Any] = {"interval": 0, "hideOverlap": False} if room > 12 else {}
    if max(map(len, names), default=0) * _LETTER <= room:
        return more
    words = [word for name in names for word in name.split()]
    if max(map(len, words), default=0) * _LETTER <= room:
        return {**more, "width": round(room - 4), "overflow": "break"}
    return {
        **more,
        "rotate": 45 if room > 14 else 90,
        "width": TURNED,
        "overflow": "truncate",
    }


def turned_height(names: list[str], width: int) -> int:
    """Return how much higher than a line of text turned names stand, in pixels."""
    how = fitted(names, width)
    if "rotate" not in how:
        return 15 if "overflow" in how else 0
    longest = min(max(width_of(name, FONT_SIZE) for name in names), TURNED)
    return round(longest * (0.71 if how["rotate"] == 45 else 1))


def y_axis(chart: Chart, settings: Axis, number: int, narrow: bool) -> dict[str, Any]:
    """Return a value axis: the left one is number 0, the right one 1."""
    extent = chart.extent(number)
    ticks = {"ticks": list(extent)} if extent and not settings.is_log else {}
    axis: dict[str, Any] = {
        "type": "log" if settings.is_log else "value",
        "position": "top" if chart.swapped else ("right" if number else "left"),
        "scale": settings.is_scaled,
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "splitNumber": 3 if narrow and chart.swapped else 5,
        "splitLine": {"show": settings.has_grid, "lineStyle": {"color": palette.GRID}},
        "axisLabel": label(
            show=settings.has_labels,
            hideOverlap=True,
            formatter={"$format": settings.format | ticks},
        ),
    }
    if settings.is_whole:
        axis["minInterval"] = 1
    if settings.is_scaled and chart.has("scatter"):
        axis["boundaryGap"] = ["4%", "4%"]
    if settings.low is not None:
        axis["min"] = settings.low
    if settings.high is not None or (chart.percent and not number):
        axis["max"] = 1 if settings.high is None else settings.high
    if chart.percent and not number:
        axis["interval"] = 0.25
    if settings.title and not chart.swapped:
        side = "right" if number else "left"
        axis |= {
            "name": settings.title,
            "nameTextStyle": {"color": palette.MUTED, "fontSize": FONT_SIZE, "align": side},
            "nameGap": 12,
        }
    return axis
