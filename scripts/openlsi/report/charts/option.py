"""One ECharts option as plain data: the single form in which a chart is kept, drawn and cached."""

from __future__ import annotations

from typing import Any

from openlsi.report.charts import palette
from openlsi.report.charts.axes import FONT_SIZE, NARROW, turned_height, x_axis, y_axis
from openlsi.report.charts.chart import Chart
from openlsi.report.charts.layers import series_options

FONT = "Arial, sans-serif"
BAR_HEIGHT = 24


def base_option() -> dict[str, Any]:
    """Return what every option has: still, in UTC, in the page's letters."""
    return {
        "animation": False,
        "useUTC": True,
        "textStyle": {"fontFamily": FONT, "fontSize": FONT_SIZE, "color": palette.TEXT},
    }


def height_of(chart: Chart, width: int) -> int:
    """Return the height: bars side by side need a line each, turned names room below."""
    if not chart.swapped:
        turned = 0
        if chart.data.x_kind == "category" and chart.x_axis.has_labels:
            turned = turned_height([str(value) for value in chart.data.order], width)
        return round(chart.area_height) + 40 + turned
    layer = chart.layers[0]
    per_category = 1 if layer.look.stack or layer.kind != "bar" else len(layer.series)
    rows = len(chart.data.order) * (BAR_HEIGHT + (per_category - 1) * 12)
    return round(max(rows, chart.area_height - 60)) + 40


def option_of(chart: Chart, width: int) -> dict[str, Any]:
    """Return the option of a chart for a width in pixels."""
    narrow = width < NARROW
    upright: Any = y_axis(chart, chart.y_axis, 0, narrow)
    if chart.y2_axis:
        upright = [upright, y_axis(chart, chart.y2_axis, 1, narrow)]
    level = x_axis(chart, width)
    return {
        **base_option(),
        "grid": {
            **_margins(chart),
            "left": 4,
            "right": _right(chart, narrow),
            "containLabel": True,
        },
        "xAxis": upright if chart.swapped else level,
        "yAxis": level if chart.swapped else upright,
        "series": [*series_options(chart, narrow), *chart.overlays],
    }


def _right(chart: Chart, narrow: bool) -> Any:
    if chart.y2_axis:
        return 4
    if chart.has_direct_labels and not narrow:
        return {
            "$longest": [series.name for _, series in chart.series],
            "font": f"{FONT_SIZE}px",
            "extra": 16,
        }
    has_labels = any(layer.look.label_format for layer in chart.layers)
    return 56 if chart.swapped and has_labels else 18


def _margins(chart: Chart) -> dict[str, int]:
    """Leave room above for the axis's title, and at the ends of upright reference lines."""
    has_reference = any("markLine" in overlay for overlay in chart.overlays)
    has_title = bool(chart.y_axis.title or (chart.y2_axis and chart.y2_axis.title))
    bottom = 26 if chart.x_axis.title and not chart.swapped else 8
    return {
        "top": 28 if (has_title and not chart.swapped) or has_reference else 12,
        "bottom": bottom + (20 if has_reference and chart.swapped else 0),
    }
