"""BoxPlot: the spread of values in each group, as five figures that the query has."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from openlsi.report.charts import palette
from openlsi.report.charts.axes import NARROW, x_axis, y_axis
from openlsi.report.charts.chart import Chart, Layer
from openlsi.report.charts.option import base_option, height_of, option_of
from openlsi.report.charts.series import ChartData, Series
from openlsi.report.charts.svg import Drawing
from openlsi.report.components.charts import x_axis_of
from openlsi.report.components.charts_colours import own_colour
from openlsi.report.components.charts_columns import axis_of, check_series, text_title
from openlsi.report.components.charts_frame import (
    Column,
    Shown,
    figure,
    head_of,
    nothing_to_draw,
    number_column,
    texts_of,
    value_format,
)
from openlsi.report.components.charts_histogram import SPREAD
from openlsi.report.components.charts_options import with_own_options
from openlsi.report.components.figures import empty_message
from openlsi.report.components.props import Call, Prop, Spec
from openlsi.report.components.references import REFERENCES, overlays_of
from openlsi.report.data import Value

Five = tuple[float, float, float, float, float]
EDGES = ("min", "intervalBottom", "midpoint", "intervalTop", "max")
MOST_UPRIGHT = 40
NOTHING = ("-",) * 5
"""What the chart engine reads as a box that is not there."""


@dataclass(frozen=True)
class _Box:
    """A box: lowest, lower edge, middle, upper edge, highest; or None where one is hidden."""

    name: Value
    five: Five | None
    colour: str


def _box_plot(call: Call) -> Markup:
    empty = empty_message(call)
    if empty is not None:
        return empty
    props = call.props
    name = call.column(props["name"])
    names = {p: number_column(call, p, False) for p in (*EDGES, "confidenceInterval")}
    boxes = _boxes(call, name, names)
    shown = [column for column in names.values() if column]
    middle = names["midpoint"]
    assert middle is not None
    chart = _box_axes(call, name, middle, boxes)
    columns = [Column(name, text_title(call, "xAxisTitle"), props["xFmt"])]
    columns += [Column(column, None, props["yFmt"]) for column in shown]
    if not any(box.five for box in boxes):
        return figure(call, nothing_to_draw(columns, shown))
    return figure(
        call,
        Shown(
            kind="bar",
            paint=lambda width: _paint_boxes(call, chart, boxes, middle, width),
            summary=_box_summary(call, boxes, middle),
            columns=columns,
            marked=shown,
            axis_title=chart.y_axis.title if chart.swapped else "",
        ),
    )


def _box_axes(call: Call, name: str, middle: str, boxes: list[_Box]) -> Chart:
    """Return the axes that hold the ends of all boxes, and what lies over them."""
    props = call.props
    order = tuple(box.name for box in boxes)
    points = tuple((box.name, box.five[4] if box.five else None) for box in boxes)
    low = tuple((box.name, box.five[0] if box.five else None) for box in boxes)
    series = (Series(middle, points), Series("low", low))
    data = ChartData(name, "category", (middle,), None, series, order, 0)
    check_series(call, data, [], props["swapXY"])
    # The boxes themselves are laid over axes that are made for their ends.
    return Chart(
        data=data,
        layers=(Layer("line", series),),
        x_axis=x_axis_of(call, name),
        y_axis=axis_of(call, "y", [middle], props["yFmt"], is_scaled=True, is_whole=False),
        swapped=props["swapXY"],
        area_height=props["chartAreaHeight"] or 220.0,
        overlays=overlays_of(
            call, props["swapXY"], "category", value_format(call, middle, props["yFmt"], False)
        ),
    )


def _boxes(call: Call, name: str, names: dict[str, str | None]) -> list[_Box]:
    if names["midpoint"] is None:
        raise call.error("needs midpoint=…")
    by_edges = names["intervalBottom"] is not None and names["intervalTop"] is not None
    if names["confidenceInterval"] is None and not by_edges:
        raise call.error("needs intervalBottom=… and intervalTop=…, or confidenceInterval=…")
    own = own_colour(call, "color") or palette.CATEGORICAL[0]
    labels = call.data.values(name)
    found = [
        _Box("" if label is None else label, _five(call, row, label, names), own)
        for row, label in enumerate(labels)
    ]
    if not call.props["swapXY"] and len(found) > MOST_UPRIGHT:
        raise call.error(f"{len(found)} boxes do not fit side by side; write swapXY=true")
    return found


def _five(call: Call, row: int, label: Value, names: dict[str, str | None]) -> Five | None:
    """Return a row's five values from lowest to highest, or None where one is hidden."""
    table = call.data

    def value(prop: str) -> float | None:
        column = names[prop]
        if column is None or table.mark(row, column) is not None:
            return None
        found = table.rows[row][table.columns.index(column)]
        return float(found) if isinstance(found, int | float) else None

    middle, half = value("midpoint"), value("confidenceInterval")
    bottom, top = value("intervalBottom"), value("intervalTop")
    if middle is not None and half is not None:
        bottom, top = middle - half, middle + half
    low = value("min") if names["min"] else bottom
    high = value("max") if names["max"] else top
    if low is None or bottom is None or middle is None or top is None or high is None:
        return None
    five = (low, bottom, middle, top, high)
    if list(five) != sorted(five):
        raise call.error(
            f"the values of {label!r} do not rise from min to max: "
            + ", ".join(f"{number:g}" for number in five)
        )
    return five


def _paint_boxes(call: Call, chart: Chart, boxes: list[_Box], middle: str, width: int) -> Drawing:
    narrow = width < NARROW
    base = option_of(chart, width)
    upright, level = y_axis(chart, chart.y_axis, 0, narrow), x_axis(chart, width)
    texts = [_box_text(call, box, middle) for box in boxes]
    series = {
        "type": "boxplot",
        "data": [[*(box.five or NOTHING)] for box in boxes],
        "boxWidth": [7, 36],
        "itemStyle": {
            "color": palette.RAMP[1],
            "borderColor": boxes[0].colour,
            "borderWidth": 1.5,
        },
    }
    option = {
        **base_option(),
        "grid": base["grid"],
        "xAxis": upright if chart.swapped else level,
        "yAxis": level if chart.swapped else upright,
        "series": [series, *chart.overlays],
        "$titles": [texts],
    }
    option = with_own_options(call, option)
    return call.context.draw(option, width, height_of(chart, width), call.place)


def _box_text(call: Call, box: _Box, middle: str) -> str:
    if box.five is None:
        return ""
    low, bottom, mid, top, high = texts_of(call, middle, call.props["yFmt"], box.five)
    return f"{box.name}: middle {mid}, box {bottom} to {top}, ends {low} and {high}"


def _box_summary(call: Call, boxes: list[_Box], middle: str) -> str:
    along = head_of(call, call.props["name"])
    parts = [_box_text(call, box, middle) or f"{box.name}: not shown" for box in boxes]
    return f"Box plot of {len(boxes)} boxes along {along}. " + ". ".join(parts) + "."


SPECS = (
    Spec(
        "BoxPlot",
        {
            **SPREAD,
            "name": Prop("text", required=True),
            "midpoint": Prop("text", required=True),
            **{edge: Prop("text") for edge in ("min", "intervalBottom", "intervalTop", "max")},
            "confidenceInterval": Prop("text"),
            "swapXY": Prop("flag", False),
            "color": Prop("text"),
        },
        _box_plot,
        children=frozenset(REFERENCES),
    ),
)
