"""LineChart, AreaChart and BarChart, each with an optional second axis."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from openlsi.report.charts.chart import Axis, Chart, Layer, Look
from openlsi.report.charts.layers import DASH
from openlsi.report.charts.series import ChartData, arrange, beside
from openlsi.report.components.charts_colours import own_colour, own_palette
from openlsi.report.components.charts_columns import (
    AXES,
    LABELS,
    SECOND_AXIS,
    axis_of,
    axis_title,
    check_series,
    layout_of,
    names_of,
    numbers_of,
    series_colours,
    titles_of,
    x_and_y,
)
from openlsi.report.components.charts_drawn import drawn
from openlsi.report.components.charts_frame import value_format
from openlsi.report.components.figures import empty_message
from openlsi.report.components.props import Call, Prop, Spec
from openlsi.report.components.references import REFERENCES, overlays_of

STEPS = ("end", "middle", "start")
WORDS = {"LineChart": "Line chart", "AreaChart": "Area chart", "BarChart": "Bar chart"}


def _chart(call: Call) -> Markup:
    empty = empty_message(call)
    if empty is not None:
        return empty
    second = numbers_of(call, "y2", names_of(call.props.get("y2")))
    x, y = x_and_y(call, tuple(second))
    bar = call.spec.name == "BarChart"
    percent = call.props.get("type") == "stacked100"
    layout = layout_of(
        call,
        stacked=_is_stacked(call, len(y)),
        is_bar=bar,
        percent=percent,
        zero_missing=_fills(call, y),
    )
    titles = titles_of(call, [*y, *second])
    data = arrange(call.data, x, y, call.props["series"], titles, layout)
    swapped = bar and call.props["swapXY"]
    layers = [Layer("bar" if bar else "line", data.series, 0, _look(call, y[0], data, percent))]
    if second:
        if swapped or percent:
            raise call.error("y2 goes with upright charts that are not stacked to 100%")
        plain = layout_of(call)
        more = beside(call.data, data, second, call.props["series"], titles, plain)
        default = "bar" if bar else "line"
        kind = call.props["y2SeriesType"] or default
        layers.append(Layer(kind, more, 1, _second_look(call, second[0])))
    chart = _described(call, data, tuple(layers), second, swapped, percent)
    check_series(call, data, [series for _, series in chart.series], swapped)
    columns = [x, *names_of(call.props["series"]), *y, *second]
    words = WORDS[call.spec.name]
    return drawn(call, chart, columns, words, marked=[*y, *second])


def _is_stacked(call: Call, count: int) -> bool:
    kind = call.props.get("type")
    if call.spec.name == "AreaChart":
        return count > 1 or bool(call.props["series"]) or kind == "stacked100"
    return kind in ("stacked", "stacked100")


def _fills(call: Call, y: list[str]) -> bool:
    """Return whether a missing value stands at nought, as it does by default in stacked areas."""
    if call.spec.name == "BarChart":
        return False
    how = call.props["handleMissing"]
    if how is None:
        return _is_stacked(call, len(y))
    return bool(how == "zero")


def _look(call: Call, column: str, data: ChartData, percent: bool) -> Look:
    props = call.props
    tag = props["yFmt"] or ("pct0" if percent else None)
    labels = value_format(call, column, props["labelFmt"] or tag, units=False)
    colour = own_colour(call, "fillColor")
    if call.spec.name == "BarChart":
        stacked = props["type"] != "grouped" and data.is_multiple
        return Look(
            stack="stack1" if stacked else None,
            label_format=labels if props["labels"] else None,
            label_side=props["labelPosition"],
            shows_totals=stacked and props["labels"] and props["stackTotalLabel"] and not percent,
            opacity=props["fillOpacity"],
            colour=colour,
        )
    area = call.spec.name == "AreaChart"
    return Look(
        has_markers=props["markers"],
        # A hidden value stays a gap: to draw a line past it would guess at it.
        joins_gaps=props["handleMissing"] == "connect" and not data.hidden,
        step=props["stepPosition"] if props["step"] else None,
        line_width=(1.0 if props["line"] else 0.0) if area else props["lineWidth"],
        dash=None if area else props["lineType"],
        is_filled=area,
        opacity=props["fillOpacity"] if area else None,
        stack="area" if area and data.is_multiple else None,
        label_format=labels if props["labels"] else None,
        label_side=props["labelPosition"],
        colour=colour or own_colour(call, "lineColor"),
    )


def _second_look(call: Call, column: str) -> Look:
    props = call.props
    tag = props["y2LabelFmt"] or props["labelFmt"] or props["y2Fmt"]
    labels = value_format(call, column, tag, units=False) if props["labels"] else None
    return Look(label_format=labels, has_markers=bool(props.get("markers")))


def _described(
    call: Call,
    data: ChartData,
    layers: tuple[Layer, ...],
    second: list[str],
    swapped: bool,
    percent: bool,
) -> Chart:
    props = call.props
    tag = props["yFmt"] or ("pct0" if percent else None)
    titled = call if not second else _with_titles(call)
    # Shares are never whole, though what they are of may be.
    whole = {"is_whole": False} if percent else {}
    y_axis = axis_of(titled, "y", data.y, tag, **whole)
    y2_axis = None
    if second:
        y2_axis = axis_of(titled, "y2", second, props["y2Fmt"])
    return Chart(
        data=data,
        layers=layers,
        x_axis=x_axis_of(call, data.x),
        y_axis=y_axis,
        y2_axis=y2_axis,
        swapped=swapped,
        percent=percent,
        area_height=props["chartAreaHeight"] or 220.0,
        colours=series_colours(call),
        palette_order=own_palette(call),
        overlays=overlays_of(call, swapped, data.x_kind, value_format(call, data.y[0], tag, False)),
    )


def _with_titles(call: Call) -> Call:
    """Return the call with both axes named, which two scales need unless the page says no."""
    named = {p: call.props[p] or "true" for p in ("yAxisTitle", "y2AxisTitle")}
    return Call(call.spec, call.component, call.scope, call.renderer, {**call.props, **named})


def x_axis_of(call: Call, column: str) -> Axis:
    """Return the axis of names, dates or numbers."""
    values = [v for v in call.data.values(column) if isinstance(v, int | float)]
    return Axis(
        value_format(call, column, call.props["xFmt"]),
        axis_title(call, "xAxisTitle", column),
        has_labels=call.props["xAxisLabels"],
        is_whole=bool(values) and all(float(value).is_integer() for value in values),
    )


_SECOND: dict[str, Any] = {
    **SECOND_AXIS,
    "y2SeriesType": Prop("choice", choices=("line", "bar", "scatter")),
    "y2LabelFmt": Prop("format"),
    "yLabelFmt": Prop("ignored"),
}

_LINES: dict[str, Any] = {
    **AXES,
    **LABELS,
    "markers": Prop("flag", False),
    "handleMissing": Prop("choice", choices=("gap", "connect", "zero")),
    "step": Prop("flag", False),
    "stepPosition": Prop("choice", "end", choices=STEPS),
    "lineColor": Prop("text"),
    "markerShape": Prop("ignored"),
    "markerSize": Prop("ignored"),
}

SPECS = (
    Spec(
        "LineChart",
        {
            **_LINES,
            **_SECOND,
            "lineWidth": Prop("number", 2.0),
            "lineType": Prop("choice", choices=tuple(DASH)),
            "lineOpacity": Prop("ignored"),
        },
        _chart,
        children=frozenset(REFERENCES),
    ),
    Spec(
        "AreaChart",
        {
            **_LINES,
            "type": Prop("choice", "stacked", choices=("stacked", "stacked100")),
            "line": Prop("flag", True),
            "fillColor": Prop("text"),
            "fillOpacity": Prop("number"),
        },
        _chart,
        children=frozenset(REFERENCES),
    ),
    Spec(
        "BarChart",
        {
            **AXES,
            **LABELS,
            **_SECOND,
            "type": Prop("choice", "stacked", choices=("stacked", "grouped", "stacked100")),
            "swapXY": Prop("flag", False),
            "stackTotalLabel": Prop("flag", True),
            "seriesLabels": Prop("ignored"),
            "fillColor": Prop("text"),
            "fillOpacity": Prop("number"),
            "outlineColor": Prop("ignored"),
            "outlineWidth": Prop("ignored"),
        },
        _chart,
        children=frozenset(REFERENCES),
    ),
)
