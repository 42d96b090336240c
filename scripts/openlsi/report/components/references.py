"""ReferenceLine, ReferenceArea, ReferencePoint and Callout: marks laid over a chart."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from openlsi.report.charts import palette
from openlsi.report.charts.axes import FONT_SIZE
from openlsi.report.charts.layers import DASH
from openlsi.report.charts.series import milliseconds
from openlsi.report.components.charts_colours import reference_colour
from openlsi.report.components.props import Call, Prop, Spec, check_column
from openlsi.report.data import Value

LINE_LABELS = {
    "aboveEnd": "insideEndTop",
    "aboveStart": "insideStartTop",
    "aboveCenter": "insideMiddleTop",
    "aboveCentre": "insideMiddleTop",
    "belowEnd": "insideEndBottom",
    "belowStart": "insideStartBottom",
    "belowCenter": "insideMiddleBottom",
    "belowCentre": "insideMiddleBottom",
}
AREA_LABELS = {
    "topLeft": "insideTopLeft",
    "top": "insideTop",
    "topRight": "insideTopRight",
    "left": "insideLeft",
    "center": "inside",
    "centre": "inside",
    "right": "insideRight",
    "bottomLeft": "insideBottomLeft",
    "bottom": "insideBottom",
    "bottomRight": "insideBottomRight",
}
SYMBOLS = ("circle", "rect", "roundRect", "triangle", "diamond", "pin", "arrow", "none")
PARENTS = (
    "LineChart",
    "AreaChart",
    "BarChart",
    "ScatterPlot",
    "BubbleChart",
    "Histogram",
    "BoxPlot",
    "Chart",
)


def overlays_of(
    call: Call, swapped: bool, x_kind: str, y_format: dict[str, Any]
) -> tuple[dict[str, Any], ...]:
    """Return the options of what a chart's children lay over it."""
    members = call.members(REFERENCES)
    return tuple(overlay(member, swapped, x_kind, y_format) for member in members)


def overlay(call: Call, swapped: bool, x_kind: str, y_format: dict[str, Any]) -> dict[str, Any]:
    """Return the option of a reference line, area or point."""
    if call.spec.name == "ReferenceLine":
        return _line(call, swapped, x_kind, {**y_format, "units": False})
    if call.spec.name == "ReferenceArea":
        return _area(call, swapped, x_kind)
    return _point(call, swapped, x_kind)


def _line(call: Call, swapped: bool, x_kind: str, y_format: dict[str, Any]) -> dict[str, Any]:
    props = call.props
    ends = [props[name] for name in ("x", "y", "x2", "y2")]
    if all(end is not None for end in ends):
        items: list[Any] = _sloped(call, swapped, x_kind)
        return _line_mark(call, items, LINE_LABELS[props["labelPosition"]], "{b}")
    given = [end for end in ends if end is not None]
    if len(given) != 1 or (ends[0] is None and ends[1] is None):
        raise call.error("write x=… or y=…, one of them; or x, y, x2 and y2 for a sloping line")
    which = "x" if props["x"] is not None else "y"
    on_x_axis = (which == "x") != swapped
    axis = "xAxis" if on_x_axis else "yAxis"
    items = [
        {axis: _position(call, value, which, x_kind), "name": name}
        for value, name in _entries(call, props[which])
    ]
    shown = {**y_format, "label": True, "withValue": not props["hideValue"]}
    # On an upright line the text would be turned: it stands at the line's free end.
    position = "end" if on_x_axis else LINE_LABELS[props["labelPosition"]]
    return _line_mark(call, items, position, {"$format": shown} if which == "y" else "{b}")


def _line_mark(call: Call, items: list[Any], position: str, formatter: Any) -> dict[str, Any]:
    mark = {
        "data": items,
        "symbol": ["none", "none"],
        "silent": True,
        "label": {
            "show": True,
            "position": position,
            "formatter": formatter,
            "color": palette.MUTED,
            "fontSize": FONT_SIZE,
        },
        "lineStyle": {
            "color": reference_colour(call, palette.MUTED),
            "width": call.props["lineWidth"],
            "type": DASH[call.props["lineType"]],
        },
    }
    return {"type": "line", "data": [], "markLine": mark}


def _sloped(call: Call, swapped: bool, x_kind: str) -> list[list[dict[str, Any]]]:
    """Return both ends of each sloping line."""
    starts = _coordinates(call, swapped, x_kind, ("x", "y"))
    ends = _coordinates(call, swapped, x_kind, ("x2", "y2"))
    return [
        [{"coord": start, "name": name}, {"coord": end}]
        for (start, name), (end, _) in zip(starts, ends, strict=True)
    ]


def _coordinates(
    call: Call, swapped: bool, x_kind: str, names: tuple[str, str]
) -> list[tuple[list[Value], str]]:
    """Return ([x, y], label) of each point that two props place."""
    xs = _entries(call, call.props[names[0]])
    ys = _entries(call, call.props[names[1]])
    if len(xs) != len(ys):
        raise call.error(f"{names[0]} and {names[1]} have values in different rows")
    found: list[tuple[list[Value], str]] = []
    for (x, name), (y, _) in zip(xs, ys, strict=True):
        pair = [_position(call, x, "x", x_kind), _position(call, y, "y", x_kind)]
        found.append((pair[::-1] if swapped else pair, name))
    return found


def _area(call: Call, swapped: bool, x_kind: str) -> dict[str, Any]:
    props = call.props
    if all(props[name] is None for name in ("xMin", "xMax", "yMin", "yMax")):
        raise call.error("write at least one of xMin, xMax, yMin, yMax")
    count = len(props["data"].rows) if props["data"] is not None else 1
    axes = ("yAxis", "xAxis") if swapped else ("xAxis", "yAxis")
    pairs: list[list[dict[str, Any]]] = [[{}, {}] for _ in range(count)]
    for end, bound in enumerate(("Min", "Max")):
        for axis, which in zip(axes, ("x", "y"), strict=True):
            given = props[which + bound]
            if given is None:
                continue
            for row, (value, name) in enumerate(_entries(call, given)):
                pairs[row][end][axis] = _position(call, value, which, x_kind)
                pairs[row][0]["name"] = name
    mark = {
        "data": pairs,
        "silent": True,
        "itemStyle": {"color": reference_colour(call, palette.GREY), "opacity": 0.3},
        "label": {
            "show": True,
            "position": AREA_LABELS[props["labelPosition"]],
            "color": palette.MUTED,
            "fontSize": FONT_SIZE,
        },
    }
    return {"type": "line", "data": [], "markArea": mark}


def _point(call: Call, swapped: bool, x_kind: str) -> dict[str, Any]:
    """Return a point with its text; a callout's text stands in a box and breaks into lines."""
    props = call.props
    if props["x"] is None or props["y"] is None:
        raise call.error("write both x=… and y=…")
    label: dict[str, Any] = {
        "show": True,
        "formatter": "{b}",
        "position": props["labelPosition"],
        "color": palette.TEXT,
        "fontSize": FONT_SIZE,
        # Lines behind the words would strike them through.
        "backgroundColor": palette.GAP,
        "padding": [1, 3],
    }
    if call.spec.name == "Callout":
        label |= {
            "borderColor": palette.AXIS,
            "borderWidth": 1,
            "borderRadius": 3,
            "padding": 5,
            "lineHeight": 15,
        }
        if props["labelWidth"] != "fit":
            label |= {"width": _width(call, props["labelWidth"]), "overflow": "break"}
    items = [
        {"coord": place, "name": name}
        for place, name in _coordinates(call, swapped, x_kind, ("x", "y"))
    ]
    mark = {
        "data": items,
        "symbol": props["symbol"],
        "symbolSize": props["symbolSize"],
        "silent": True,
        "itemStyle": {"color": reference_colour(call, palette.MUTED)},
        "label": label,
    }
    return {"type": "line", "data": [], "markPoint": mark}


def _width(call: Call, given: str) -> float:
    try:
        return float(given)
    except ValueError as error:
        raise call.error(f"labelWidth={given!r}: write pixels, or fit") from error


def _entries(call: Call, given: Any) -> list[tuple[Value, str]]:
    """Return (position, label): given outright, or by column names of the data."""
    label = call.props["label"] or ""
    table = call.props["data"]
    if table is None:
        return [(given, label)]
    what = f"<{call.spec.name}>"
    values = table.values(check_column(table, str(given), what, call.place))
    names = table.values(label) if label in table.columns else [label] * len(values)
    return [
        (value, str(name)) for value, name in zip(values, names, strict=True) if value is not None
    ]


def _position(call: Call, value: Value, which: str, x_kind: str) -> Value:
    if which == "y" or x_kind == "value":
        try:
            return float(str(value))
        except ValueError as error:
            raise call.error(f"{which}={value!r} is not a number") from error
    if x_kind == "time":
        try:
            return milliseconds(value)
        except ValueError as error:
            raise call.error(f"{which}={value!r} is not a date such as 2026-10-01") from error
    return str(value)


def _nothing(call: Call) -> Markup:
    return Markup("")


_COMMON = {
    "data": Prop("data"),
    "label": Prop("text"),
    "color": Prop("text"),
    "labelColor": Prop("ignored"),
    "labelVisible": Prop("ignored"),
    "labelBackgroundColor": Prop("ignored"),
    "fontSize": Prop("ignored"),
    "bold": Prop("ignored"),
    "italic": Prop("ignored"),
    "align": Prop("ignored"),
}

_POINT = {
    **_COMMON,
    "x": Prop("value"),
    "y": Prop("value"),
    "symbol": Prop("choice", "circle", choices=SYMBOLS),
    "symbolSize": Prop("number", 8.0),
    "symbolColor": Prop("ignored"),
    "symbolOpacity": Prop("ignored"),
    "labelPosition": Prop("choice", "top", choices=("top", "right", "bottom", "left")),
}

REFERENCES = {
    "ReferenceLine": Spec(
        "ReferenceLine",
        {
            **_COMMON,
            "x": Prop("value"),
            "y": Prop("value"),
            "x2": Prop("value"),
            "y2": Prop("value"),
            "hideValue": Prop("flag", False),
            "labelPosition": Prop("choice", "aboveEnd", choices=tuple(LINE_LABELS)),
            "lineType": Prop("choice", "dashed", choices=tuple(DASH)),
            "lineWidth": Prop("number", 1.3),
            "lineColor": Prop("ignored"),
        },
        _nothing,
        parents=PARENTS,
    ),
    "ReferenceArea": Spec(
        "ReferenceArea",
        {
            **_COMMON,
            "xMin": Prop("value"),
            "xMax": Prop("value"),
            "yMin": Prop("value"),
            "yMax": Prop("value"),
            "labelPosition": Prop("choice", "top", choices=tuple(AREA_LABELS)),
            "areaColor": Prop("ignored"),
            "opacity": Prop("ignored"),
        },
        _nothing,
        parents=PARENTS,
    ),
    "ReferencePoint": Spec("ReferencePoint", _POINT, _nothing, parents=PARENTS),
    "Callout": Spec(
        "Callout",
        {**_POINT, "labelWidth": Prop("text", "80"), "labelPadding": Prop("ignored")},
        _nothing,
        parents=PARENTS,
    ),
}
