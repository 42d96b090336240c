"""Histogram and BoxPlot: how values are spread."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from openlsi.report.charts import palette
from openlsi.report.charts.axes import NARROW, x_axis, y_axis
from openlsi.report.charts.binning import Bins, bins_of
from openlsi.report.charts.chart import Axis, Chart, Layer, Look
from openlsi.report.charts.option import base_option, height_of, option_of
from openlsi.report.charts.series import ChartData, Series
from openlsi.report.charts.svg import Drawing
from openlsi.report.components.charts import x_axis_of
from openlsi.report.components.charts_colours import own_colour
from openlsi.report.components.charts_columns import (
    AXES,
    axis_of,
    axis_title,
    check_series,
    text_title,
)
from openlsi.report.components.charts_frame import (
    Column,
    Shown,
    figure,
    head_of,
    number_column,
    texts_of,
    value_format,
)
from openlsi.report.components.figures import empty_message
from openlsi.report.components.props import Call, Prop, Spec
from openlsi.report.components.references import REFERENCES, overlays_of

NOTHING = ("-",) * 5
"""What the chart engine reads as a box that is not there."""

COUNTS = {"tag": "num0", "name": "count", "kind": "number", "summary": None, "units": False}


def _histogram(call: Call) -> Markup:
    empty = empty_message(call)
    if empty is not None:
        return empty
    column = number_column(call, "x")
    assert column is not None
    values = [float(v) for v in call.data.values(column) if isinstance(v, int | float)]
    if not values:
        raise call.error(f"x={column!r} has no value to count")
    bins = bins_of(values)
    chart = _counted(call, column, bins)
    tag = call.props["xFmt"]
    edges = texts_of(call, column, tag, bins.edges)
    spans = [f"{low} to {high}" for low, high in pairwise(edges)]
    titles = [[f"{span}: {count:,}" for span, count in zip(spans, bins.counts, strict=True)]]
    most = max(range(len(spans)), key=lambda number: bins.counts[number])
    low, high = texts_of(call, column, tag, [min(values), max(values)])
    summary = (
        f"Histogram of {len(values):,} values of {head_of(call, column)} in "
        f"{len(spans)} bins, from {low} to {high}; the fullest bin, {spans[most]}, "
        f"holds {bins.counts[most]:,}."
    )

    def paint(width: int) -> Drawing:
        option = option_of(chart, width) | {"$titles": titles}
        # Neighbouring bins touch but for a hair, since there is no gap in what they count.
        option["series"][0] |= {"barWidth": "98%", "barMaxWidth": width}
        return call.context.draw(option, width, height_of(chart, width), call.place)

    return figure(
        call,
        Shown(
            kind="bar",
            paint=paint,
            summary=summary,
            columns=[Column(column, None, tag)],
            marked=[column],
            table=_bin_table(text_title(call, "xAxisTitle") or head_of(call, column), spans, bins),
        ),
    )


def _bin_table(head: str, spans: list[str], bins: Bins) -> dict[str, Any]:
    """Return the bins with their counts: what is drawn, where the values themselves are many."""
    rows = [
        [
            {"text": span, "is_mark": False, "link": None},
            {"text": f"{count:,}", "is_mark": False, "link": None},
        ]
        for span, count in zip(spans, bins.counts, strict=True)
    ]
    return {"heads": [(head, False), ("Count", True)], "rows": rows}


def _counted(call: Call, column: str, bins: Bins) -> Chart:
    middles = tuple((low + high) / 2 for low, high in pairwise(bins.edges))
    points = tuple(zip(middles, map(float, bins.counts), strict=True))
    data = ChartData(column, "value", (column,), None, (Series("Count", points),), middles, 0)
    look = Look(opacity=call.props["fillOpacity"], colour=own_colour(call, "fillColor"))
    x = value_format(call, column, call.props["xFmt"])
    title = call.props["yAxisTitle"]
    return Chart(
        data=data,
        layers=(Layer("bar", data.series, 0, look),),
        x_axis=Axis(
            x, axis_title(call, "xAxisTitle", column), has_labels=call.props["xAxisLabels"]
        ),
        y_axis=Axis(
            COUNTS,
            "" if title in (None, "true", "false") else str(title),
            call.props["yMin"],
            call.props["yMax"],
            has_grid=call.props["yGridlines"],
            has_labels=call.props["yAxisLabels"],
            is_whole=True,
        ),
        area_height=call.props["chartAreaHeight"] or 220.0,
        x_bounds=(bins.edges[0], bins.edges[-1]),
        x_step=_tick_step(bins),
        overlays=overlays_of(call, False, "value", COUNTS),
    )


def _tick_step(bins: Bins) -> float:
    """Return the distance of ticks: at the edges of bins, never more than ten of them."""
    every = -(-len(bins.counts) // 10)
    return bins.step * every


@dataclass(frozen=True)
class _Box:
    """A box: lowest, lower edge, middle, upper edge, highest; or None where one is hidden."""

    name: Any
    five: tuple[float, float, float, float, float] | None
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
    single = "" if props["yAxisTitle"] is None else middle
    # The boxes themselves are laid over axes that are made for their ends.
    return Chart(
        data=data,
        layers=(Layer("line", series),),
        x_axis=x_axis_of(call, name),
        y_axis=axis_of(call, "y", middle, props["yFmt"], single, is_scaled=True),
        swapped=props["swapXY"],
        area_height=props["chartAreaHeight"] or 220.0,
        overlays=overlays_of(
            call, props["swapXY"], "category", value_format(call, middle, props["yFmt"], False)
        ),
    )


EDGES = ("min", "intervalBottom", "midpoint", "intervalTop", "max")


def _boxes(call: Call, name: str, names: dict[str, str | None]) -> list[_Box]:
    props, table = call.props, call.data
    interval = names["confidenceInterval"]
    if names["midpoint"] is None:
        raise call.error("needs midpoint=…")
    if interval is None and (names["intervalBottom"] is None or names["intervalTop"] is None):
        raise call.error("needs intervalBottom=… and intervalTop=…, or confidenceInterval=…")
    own = own_colour(call, "color") or palette.CATEGORICAL[0]
    found: list[_Box] = []
    for row, label in enumerate(table.values(name)):
        value = {
            prop: None
            if column is None or table.mark(row, column)
            else table.rows[row][table.columns.index(column)]
            for prop, column in names.items()
        }
        middle = value["midpoint"]
        bottom, top = value["intervalBottom"], value["intervalTop"]
        if interval is not None and isinstance(middle, int | float):
            half = value["confidenceInterval"]
            if isinstance(half, int | float):
                bottom, top = middle - half, middle + half
        five = [
            value["min"] if names["min"] else bottom,
            bottom,
            middle,
            top,
            value["max"] if names["max"] else top,
        ]
        numbers = [float(v) for v in five if isinstance(v, int | float)]
        if len(numbers) == 5 and numbers != sorted(numbers):
            raise call.error(
                f"the values of {label!r} do not rise from min to max: "
                + ", ".join(f"{number:g}" for number in numbers)
            )
        complete = (*numbers[:5],) if len(numbers) == 5 else None
        found.append(_Box("" if label is None else label, complete, own))  # type: ignore[arg-type]
    if props["swapXY"] is False and len(found) > 40:
        raise call.error(f"{len(found)} boxes do not fit side by side; write swapXY=true")
    return found


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


_SPREAD: dict[str, Any] = {name: prop for name, prop in AXES.items() if name not in ("y", "sort")}

SPECS = (
    Spec(
        "Histogram",
        {
            **_SPREAD,
            "x": Prop("text", required=True),
            "xAxisTitle": Prop("text", "true"),
            "fillColor": Prop("text"),
            "fillOpacity": Prop("number"),
        },
        _histogram,
        children=frozenset(REFERENCES),
    ),
    Spec(
        "BoxPlot",
        {
            **_SPREAD,
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
