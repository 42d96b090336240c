"""One ECharts option as plain data: the single form in which a chart is kept, drawn and cached."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from openlsi.report.charts import palette
from openlsi.report.charts.series import ChartData, Series, milliseconds
from openlsi.report.data import Value

FONT = "Arial, sans-serif"
_MONTH_MILLISECONDS = 28 * 24 * 3600 * 1000
FONT_SIZE = 12
BAR_HEIGHT = 24
MOST_DIRECT_LABELS = 4


@dataclass(frozen=True)
class Axis:
    """What a page may say about an axis."""

    format: dict[str, Any]
    title: str = ""
    low: float | None = None
    high: float | None = None
    is_log: bool = False
    is_scaled: bool = False
    has_grid: bool = True
    has_labels: bool = True


@dataclass(frozen=True)
class Chart:
    """A chart ready to be turned into an option of some width."""

    kind: str  # line | bar
    data: ChartData
    x_axis: Axis
    y_axis: Axis
    swapped: bool = False
    stacked: bool = False
    percent: bool = False
    has_markers: bool = False
    joins_gaps: bool = False
    step: str | None = None
    line_width: float = 2.0
    area_height: float = 220.0
    label_format: dict[str, Any] | None = None
    colours: dict[str, str] = field(default_factory=dict)
    overlays: tuple[dict[str, Any], ...] = ()

    @property
    def has_direct_labels(self) -> bool:
        """Return whether series are named at their lines' ends where there is room."""
        return (
            self.kind == "line"
            and self.data.is_multiple
            and len(self.data.series) <= MOST_DIRECT_LABELS
            and not self.swapped
        )

    @property
    def shares_bars(self) -> bool:
        """Return whether some bar is made of several series, one on the other."""
        if not self.stacked:
            return False
        return any(
            sum(point[1] is not None for point in points) > 1
            for points in zip(*(series.points for series in self.data.series), strict=True)
        )

    def colour(self, number: int, name: str) -> str:
        """Return a series' colour: the page's choice, else the palette's next."""
        return self.colours.get(name) or palette.CATEGORICAL[number % len(palette.CATEGORICAL)]


def height_of(chart: Chart) -> int:
    """Return the height: bars side by side need a line each."""
    if not chart.swapped:
        return round(chart.area_height) + 40
    per_category = 1 if chart.stacked else len(chart.data.series)
    rows = len(chart.data.order) * (BAR_HEIGHT + (per_category - 1) * 12)
    return round(max(rows, chart.area_height - 60)) + 40


def option_of(chart: Chart, width: int) -> dict[str, Any]:
    """Return the option of a chart for a width in pixels."""
    narrow = width < 480
    x_axis, y_axis = _x_axis(chart, width), _y_axis(chart, narrow)
    right: Any = 18
    if chart.has_direct_labels and not narrow:
        right = {
            "$longest": [series.name for series in chart.data.series],
            "font": f"{FONT_SIZE}px",
            "extra": 16,
        }
    if chart.swapped and chart.label_format:
        right = 56
    return {
        "animation": False,
        "useUTC": True,
        "textStyle": {"fontFamily": FONT, "fontSize": FONT_SIZE, "color": palette.TEXT},
        "grid": {**_margins(chart), "left": 4, "right": right, "containLabel": True},
        "xAxis": y_axis if chart.swapped else x_axis,
        "yAxis": x_axis if chart.swapped else y_axis,
        "series": [
            *(
                _series(chart, series, number, narrow)
                for number, series in enumerate(chart.data.series)
            ),
            *chart.overlays,
        ],
    }


def _margins(chart: Chart) -> dict[str, int]:
    """Leave room above for the axis's title, and at the ends of upright reference lines."""
    has_reference = any("markLine" in overlay for overlay in chart.overlays)
    has_title = bool(chart.y_axis.title) and not chart.swapped
    bottom = 26 if chart.x_axis.title and not chart.swapped else 8
    return {
        "top": 28 if has_title or has_reference else 12,
        "bottom": bottom + (20 if has_reference and chart.swapped else 0),
    }


def _label(**more: Any) -> dict[str, Any]:
    return {"color": palette.TEXT, "fontSize": FONT_SIZE, **more}


def _x_axis(chart: Chart, width: int) -> dict[str, Any]:
    narrow = width < 480
    axis: dict[str, Any] = {
        "type": chart.data.x_kind,
        "axisLine": {"show": True, "lineStyle": {"color": palette.AXIS}},
        "axisTick": {"show": False},
        "splitLine": {"show": False},
        "axisLabel": _label(
            show=chart.x_axis.has_labels,
            hideOverlap=True,
            margin=8,
            padding=[0, 4, 0, 4] if chart.data.x_kind == "time" else 0,
        ),
    }
    if chart.x_axis.title and not chart.swapped:
        axis |= {
            "name": chart.x_axis.title,
            "nameLocation": "middle",
            "nameGap": 30,
            "nameTextStyle": {"color": palette.MUTED, "fontSize": FONT_SIZE},
        }
    if chart.data.x_kind == "category":
        axis["data"] = [str(value) for value in chart.data.order]
        _fit_categories(axis, chart, width)
        if chart.x_axis.format["kind"] in ("date", "number"):
            axis["axisLabel"]["formatter"] = {"$format": chart.x_axis.format}
            axis["data"] = [_coordinate(chart, value) for value in chart.data.order]
        return axis
    axis["scale"] = True
    if chart.data.x_kind == "time":
        axis["splitNumber"] = 3 if narrow else 6
        # Monthly figures: without a least step a short series is ticked by the week, and every tick
        # of a month reads the same.
        if _is_monthly(chart):
            axis["minInterval"] = _MONTH_MILLISECONDS
        if chart.x_axis.format["tag"]:
            axis["axisLabel"]["formatter"] = {"$format": chart.x_axis.format}
    else:
        axis["axisLabel"]["formatter"] = {"$format": chart.x_axis.format}
    return axis


def _is_monthly(chart: Chart) -> bool:
    days = [str(value)[8:10] for value in chart.data.order]
    return set(days) == {"01"}


def _fit_categories(axis: dict[str, Any], chart: Chart, width: int) -> None:
    """Show every category's name: beside its bar, or turned where it would not fit below."""
    if chart.swapped:
        axis["inverse"] = True
        axis["axisLabel"] |= {
            "interval": 0,
            "hideOverlap": False,
            "width": round(width * (0.34 if width < 480 else 0.3)),
            "overflow": "break" if width < 480 else "truncate",
        }
        return
    longest = max((len(str(value)) for value in chart.data.order), default=0)
    room = (width - 60) / max(len(chart.data.order), 1)
    if longest * 6.5 > room:
        axis["axisLabel"] |= {
            "rotate": 45 if room > 14 else 90,
            "width": 110,
            "overflow": "truncate",
        }
    if room > 12:
        axis["axisLabel"] |= {"interval": 0, "hideOverlap": False}


def _y_axis(chart: Chart, narrow: bool) -> dict[str, Any]:
    settings = chart.y_axis
    axis: dict[str, Any] = {
        "type": "log" if settings.is_log else "value",
        "position": "top" if chart.swapped else "left",
        "scale": settings.is_scaled,
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "splitNumber": 3 if narrow and chart.swapped else 5,
        "splitLine": {"show": settings.has_grid, "lineStyle": {"color": palette.GRID}},
        "axisLabel": _label(
            show=settings.has_labels,
            hideOverlap=True,
            formatter={"$format": settings.format},
        ),
    }
    if settings.low is not None:
        axis["min"] = settings.low
    if settings.high is not None or chart.percent:
        axis["max"] = 1 if settings.high is None else settings.high
    if chart.percent:
        axis["interval"] = 0.25
    if settings.title and not chart.swapped:
        axis |= {
            "name": settings.title,
            "nameTextStyle": {"color": palette.MUTED, "fontSize": FONT_SIZE, "align": "left"},
            "nameGap": 12,
        }
    return axis


def _coordinate(chart: Chart, value: Value) -> Value:
    if chart.x_axis.format["kind"] == "date" and value != "":
        return milliseconds(value)
    return value if chart.data.x_kind == "value" else str(value)


def _series(chart: Chart, series: Series, number: int, narrow: bool) -> dict[str, Any]:
    colour = chart.colour(number, series.name)
    points = [
        [value, _coordinate(chart, x)] if chart.swapped else [_coordinate(chart, x), value]
        for x, value in series.points
    ]
    option: dict[str, Any] = {
        "type": chart.kind,
        "name": series.name,
        "data": points,
        "itemStyle": {"color": colour},
    }
    if chart.label_format:
        option["label"] = _value_label(chart, chart.label_format, colour)
        option["labelLayout"] = {"hideOverlap": True}
    if chart.kind == "bar":
        return option | _bar(chart, colour)
    return option | _line(chart, series, number, colour, narrow)


def _value_label(chart: Chart, given: dict[str, Any], colour: str) -> dict[str, Any]:
    inside = chart.kind == "bar" and chart.shares_bars
    outside = "right" if chart.swapped else "top"
    return {
        "show": True,
        "position": "inside" if inside else outside,
        "color": palette.text_on(colour) if inside else palette.TEXT,
        "fontSize": 11,
        "formatter": {"$format": {**given, "part": 0 if chart.swapped else 1, "hideZero": True}},
    }


def _bar(chart: Chart, colour: str) -> dict[str, Any]:
    more: dict[str, Any] = {"barMaxWidth": 60, "barCategoryGap": "28%"}
    if chart.stacked:
        more["stack"] = "stack1"
    if chart.shares_bars:
        # Neighbours in a stack may be too alike to tell apart without a line between them.
        more["itemStyle"] = {"color": colour, "borderColor": palette.GAP, "borderWidth": 1}
    return more


def _line(chart: Chart, series: Series, number: int, colour: str, narrow: bool) -> dict[str, Any]:
    several = chart.data.is_multiple
    alone = sum(value is not None for _, value in series.points) == 1
    more: dict[str, Any] = {
        "showSymbol": chart.has_markers or alone,
        "symbol": palette.MARKERS[number % len(palette.MARKERS)] if several else "circle",
        "symbolSize": 7,
        "connectNulls": chart.joins_gaps,
        "lineStyle": {
            "color": colour,
            "width": chart.line_width,
            "type": palette.DASHES[number % len(palette.DASHES)] if several else "solid",
        },
    }
    if chart.step:
        more["step"] = chart.step
    if chart.has_direct_labels and not narrow:
        more["endLabel"] = {
            "show": True,
            "formatter": "{a}",
            "color": palette.TEXT,
            "fontSize": FONT_SIZE,
            "distance": 6,
        }
        more["labelLayout"] = {"moveOverlap": "shiftY"}
    return more
