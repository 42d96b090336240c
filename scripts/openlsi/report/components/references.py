"""ReferenceLine and ReferenceArea: marks laid over a chart."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from openlsi.report.charts import palette
from openlsi.report.charts.option import FONT_SIZE
from openlsi.report.charts.series import milliseconds
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
DASH = {"solid": "solid", "dotted": [2, 3], "dashed": [5, 4]}


def overlay(call: Call, swapped: bool, x_kind: str, y_format: dict[str, Any]) -> dict[str, Any]:
    """Return the option of a reference line or area."""
    if call.spec.name == "ReferenceLine":
        return _line(call, swapped, x_kind, y_format)
    return _area(call, swapped, x_kind)


def _line(call: Call, swapped: bool, x_kind: str, y_format: dict[str, Any]) -> dict[str, Any]:
    props = call.props
    if (props["x"] is None) == (props["y"] is None):
        raise call.error("write x=… or y=…, one of them")
    which = "x" if props["x"] is not None else "y"
    axis = {
        ("x", False): "xAxis",
        ("y", False): "yAxis",
        ("x", True): "yAxis",
        ("y", True): "xAxis",
    }
    items = [
        {axis[which, swapped]: _position(call, value, which, x_kind), "name": name}
        for value, name in _entries(call, props[which])
    ]
    formatter: Any = "{b}"
    if which == "y":
        formatter = {"$format": {**y_format, "label": True, "withValue": not props["hideValue"]}}
    mark = {
        "data": items,
        "symbol": ["none", "none"],
        "silent": True,
        "label": {
            "show": True,
            # On an upright line the text would be turned: it stands at the line's free end.
            "position": "end" if (which == "y") == swapped else LINE_LABELS[props["labelPosition"]],
            "formatter": formatter,
            "color": palette.MUTED,
            "fontSize": FONT_SIZE,
        },
        "lineStyle": {
            "color": palette.MUTED,
            "width": props["lineWidth"],
            "type": DASH[props["lineType"]],
        },
    }
    return {"type": "line", "data": [], "markLine": mark}


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
        "itemStyle": {"color": palette.GREY, "opacity": 0.3},
        "label": {
            "show": True,
            "position": "insideTop",
            "color": palette.MUTED,
            "fontSize": FONT_SIZE,
        },
    }
    return {"type": "line", "data": [], "markArea": mark}


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


_COMMON = {
    "data": Prop("data"),
    "label": Prop("text"),
    "color": Prop("ignored"),
}

REFERENCES = {
    "ReferenceLine": Spec(
        "ReferenceLine",
        {
            **_COMMON,
            "x": Prop("value"),
            "y": Prop("value"),
            "hideValue": Prop("flag", False),
            "labelPosition": Prop("choice", "aboveEnd", choices=tuple(LINE_LABELS)),
            "lineType": Prop("choice", "dashed", choices=tuple(DASH)),
            "lineWidth": Prop("number", 1.3),
            "lineColor": Prop("ignored"),
        },
        lambda call: Markup(""),
        parents=("LineChart", "BarChart"),
    ),
    "ReferenceArea": Spec(
        "ReferenceArea",
        {
            **_COMMON,
            "xMin": Prop("value"),
            "xMax": Prop("value"),
            "yMin": Prop("value"),
            "yMax": Prop("value"),
        },
        lambda call: Markup(""),
        parents=("LineChart", "BarChart"),
    ),
}
