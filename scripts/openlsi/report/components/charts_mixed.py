"""Chart with Bar, Line, Area and Scatter inside: several kinds of marks on the same axes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from openlsi.report.charts.chart import Chart, Layer, Look
from openlsi.report.charts.layers import DASH
from openlsi.report.charts.series import ChartData, Layout, arrange, beside
from openlsi.report.components.charts import STEPS, x_axis_of
from openlsi.report.components.charts_colours import own_colour, own_palette
from openlsi.report.components.charts_columns import (
    AXES,
    LABELS,
    SECOND_AXIS,
    axis_of,
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
from openlsi.report.components.figures import empty_message, marks_of
from openlsi.report.components.props import Call, Prop, Spec
from openlsi.report.components.references import REFERENCES, SYMBOLS, overlays_of

KINDS = {"Bar": "bar", "Line": "line", "Area": "line", "Scatter": "scatter"}


@dataclass(frozen=True)
class _Part:
    """A child with its columns: y on the left axis or y2 on the right one."""

    call: Call
    columns: list[str]
    axis: int
    series: str | None


def _chart(call: Call) -> Markup:
    empty = empty_message(call)
    if empty is not None:
        return empty
    members = list(call.members({**PARTS, **REFERENCES}))
    parts = _parts(call, [member for member in members if member.spec.name in PARTS])
    first = parts[0]
    x = call.column(call.props["x"] or call.data.columns[0])
    titles = titles_of(call, [column for part in parts for column in part.columns])
    layout = _layout(call, first)
    data = arrange(call.data, x, first.columns, first.series, titles, layout)
    layers = [_layer(call, data, part, titles) for part in parts]
    columns = [column for part in parts for column in part.columns]
    data = replace(data, y=tuple(dict.fromkeys(columns)))
    swapped = call.props["swapXY"]
    chart = _described(call, data, tuple(layers), parts, swapped)
    check_series(call, data, [series for _, series in chart.series], swapped)
    shown = [x, *(part.series for part in parts if part.series), *columns]
    return drawn(call, chart, shown, "Chart", marked=columns)


def _parts(call: Call, members: list[Call]) -> list[_Part]:
    if not members:
        known = ", ".join(f"<{name}>" for name in PARTS)
        raise call.error(f"needs something to draw inside: {known}")
    found: list[_Part] = []
    for member in members:
        series = member.props["series"] or call.props["series"]
        if series:
            call.column(series)
        left = names_of(member.props["y"])
        right = names_of(member.props["y2"])
        if not left and not right:
            left = x_and_y(call, tuple(names_of(call.props["y2"])))[1]
        for axis, columns in enumerate((left, right)):
            if columns:
                inside = Call(
                    member.spec,
                    member.component,
                    member.scope,
                    member.renderer,
                    {**member.props, "data": call.data},
                )
                numbers_of(inside, "y2" if axis else "y", columns)
                found.append(_Part(inside, columns, axis, series))
    if all(part.axis for part in found):
        raise call.error("everything is on the right axis; put something on y")
    return sorted(found, key=lambda part: part.axis)


def _layout(call: Call, part: _Part) -> Layout:
    name, props = part.call.spec.name, part.call.props
    several = len(part.columns) > 1 or part.series is not None
    stacked = name in ("Bar", "Area") and props["type"] != "grouped" and several
    how = props.get("handleMissing") or ("zero" if name == "Area" and several else "gap")
    return layout_of(
        call,
        stacked=stacked,
        is_bar=name == "Bar",
        zero_missing=how == "zero",
        keeps_points=name == "Scatter",
    )


def _layer(call: Call, data: ChartData, part: _Part, titles: dict[str, str]) -> Layer:
    layout = _layout(call, part)
    series = beside(call.data, data, part.columns, part.series, titles, layout)
    name = part.call.props["name"]
    if name and len(series) == 1:
        series = (replace(series[0], name=name),)
    tag = part.call.props["labelFmt"] or call.props["y2Fmt" if part.axis else "yFmt"]
    labels = value_format(call, part.columns[0], tag, units=False)
    return Layer(KINDS[part.call.spec.name], series, part.axis, _look(part, layout, labels))


def _look(part: _Part, layout: Layout, labels: dict[str, Any]) -> Look:
    call, props = part.call, part.call.props
    # A hidden value stays a gap: to draw a line past it would guess at it.
    hides = bool(marks_of(call.data, part.columns))
    area = call.spec.name == "Area"
    width = 2.0
    if area:
        width = 1.0 if props["line"] else 0.0
    elif call.spec.name == "Line":
        width = props["lineWidth"]
    return Look(
        has_markers=bool(props.get("markers")),
        joins_gaps=props.get("handleMissing") == "connect" and not hides,
        step=props["stepPosition"] if props.get("step") else None,
        line_width=width,
        dash=props.get("lineType"),
        is_filled=area,
        opacity=props.get("opacity") or props.get("fillOpacity"),
        # A stack of its own for each part, so that neither lies on another's.
        stack=f"stack-{call.spec.name}-{part.axis}" if layout.stacked else None,
        label_format=labels if props["labels"] else None,
        label_side=props["labelPosition"],
        symbol=props.get("shape"),
        symbol_size=props.get("pointSize") or 8.0,
        colour=own_colour(call, "fillColor") or own_colour(call, "lineColor"),
    )


def _described(
    call: Call, data: ChartData, layers: tuple[Layer, ...], parts: list[_Part], swapped: bool
) -> Chart:
    props = call.props
    left = [column for part in parts if not part.axis for column in part.columns]
    right = [column for part in parts if part.axis for column in part.columns]
    if right and swapped:
        raise call.error("y2 goes with upright charts")
    plain = value_format(call, left[0], props["yFmt"], units=False)
    references = _references_of(call)
    return Chart(
        data=data,
        layers=layers,
        x_axis=x_axis_of(call, data.x),
        y_axis=axis_of(call, "y", left, props["yFmt"]),
        y2_axis=axis_of(call, "y2", right, props["y2Fmt"]) if right else None,
        swapped=swapped,
        area_height=props["chartAreaHeight"] or 220.0,
        colours=series_colours(call),
        palette_order=own_palette(call),
        overlays=overlays_of(references, swapped, data.x_kind, plain),
    )


def _references_of(call: Call) -> Call:
    """Return the chart with its marks left out, so that only what lies over it is read."""
    marks = tuple(
        node for node in call.component.children if getattr(node, "name", "") not in PARTS
    )
    component = replace(call.component, children=marks)
    return Call(call.spec, component, call.scope, call.renderer, call.props)


def _nothing(call: Call) -> Markup:
    return Markup("")


_PART: dict[str, Any] = {
    **LABELS,
    "y": Prop("columns"),
    "y2": Prop("columns"),
    "series": Prop("text"),
    "name": Prop("text"),
    "fillColor": Prop("text"),
}
_LINE: dict[str, Any] = {
    "lineColor": Prop("text"),
    "markers": Prop("flag", False),
    "markerShape": Prop("ignored"),
    "markerSize": Prop("ignored"),
    "handleMissing": Prop("choice", choices=("gap", "connect", "zero")),
    "step": Prop("flag", False),
    "stepPosition": Prop("choice", "end", choices=STEPS),
}

PARTS = {
    "Bar": Spec(
        "Bar",
        {
            **_PART,
            "type": Prop("choice", "stacked", choices=("stacked", "grouped")),
            "fillOpacity": Prop("number"),
            "stackTotalLabel": Prop("ignored"),
            "outlineColor": Prop("ignored"),
            "outlineWidth": Prop("ignored"),
        },
        _nothing,
        parents=("Chart",),
    ),
    "Line": Spec(
        "Line",
        {
            **_PART,
            **_LINE,
            "lineWidth": Prop("number", 2.0),
            "lineType": Prop("choice", choices=tuple(DASH)),
            "lineOpacity": Prop("ignored"),
        },
        _nothing,
        parents=("Chart",),
    ),
    "Area": Spec(
        "Area",
        {
            **_PART,
            **_LINE,
            "type": Prop("choice", "stacked", choices=("stacked",)),
            "line": Prop("flag", True),
            "fillOpacity": Prop("number"),
        },
        _nothing,
        parents=("Chart",),
    ),
    "Scatter": Spec(
        "Scatter",
        {
            **_PART,
            "shape": Prop("choice", choices=SYMBOLS[:-1]),
            "pointSize": Prop("number", 10.0),
            "opacity": Prop("number"),
            "outlineColor": Prop("ignored"),
            "outlineWidth": Prop("ignored"),
        },
        _nothing,
        parents=("Chart",),
    ),
}

SPECS = (
    Spec(
        "Chart",
        {
            **AXES,
            **SECOND_AXIS,
            "swapXY": Prop("flag", False),
            "yAxisTitle": Prop("text"),
            "y2AxisTitle": Prop("text", "true"),
            "chartType": Prop("ignored"),
        },
        _chart,
        children=frozenset({**PARTS, **REFERENCES}),
    ),
    *PARTS.values(),
)
