"""The series of an option: lines, areas, bars and points, and what tells them apart."""

from __future__ import annotations

from typing import Any

from openlsi.report.charts import palette
from openlsi.report.charts.axes import FONT_SIZE, coordinate
from openlsi.report.charts.chart import Chart, Layer
from openlsi.report.charts.series import Series

MOST_POINTS = 60
"""Of a longer line no single point can be pointed at."""

DASH: dict[str, Any] = {"solid": "solid", "dotted": [2, 3], "dashed": [5, 4]}


def series_options(chart: Chart, narrow: bool) -> list[dict[str, Any]]:
    """Return the option of every series, then the totals of stacks where they are asked for."""
    options = [
        _series(chart, layer, series, number, narrow)
        for number, (layer, series) in enumerate(chart.series)
    ]
    totals = [_totals(chart, layer) for layer in chart.layers if layer.look.shows_totals]
    return [*options, *totals]


def _points(chart: Chart, series: Series) -> list[list[Any]]:
    return [
        [value, coordinate(chart, x)] if chart.swapped else [coordinate(chart, x), value]
        for x, value in series.points
    ]


def _series(
    chart: Chart, layer: Layer, series: Series, number: int, narrow: bool
) -> dict[str, Any]:
    colour = chart.colour(number, series.name)
    option: dict[str, Any] = {
        "type": layer.kind,
        "name": series.name,
        "data": _points(chart, series),
        "itemStyle": {"color": colour},
    }
    if layer.axis:
        option["yAxisIndex"] = layer.axis
    if layer.look.label_format:
        label = _value_label(chart, layer, layer.look.label_format, colour)
        inside = label["position"] == "inside"
        option["label"] = label
        option["labelLayout"] = {"$fits": True} if inside else {"hideOverlap": True}
    if layer.kind == "bar":
        return option | _bar(layer, colour)
    if layer.kind == "scatter":
        return option | _scatter(chart, layer, series, number, colour)
    return option | _line(chart, layer, series, number, colour, narrow)


def _value_label(chart: Chart, layer: Layer, given: dict[str, Any], colour: str) -> dict[str, Any]:
    inside = layer.kind == "bar" and layer.shares_bars
    if layer.look.label_side and layer.kind == "bar":
        inside = layer.look.label_side == "inside"
    outside = "right" if chart.swapped else "top"
    if layer.look.label_side in ("below", "bottom"):
        outside = "bottom"
    return {
        "show": True,
        "position": "inside" if inside else outside,
        "color": palette.text_on(colour) if inside else palette.TEXT,
        "fontSize": 11,
        "formatter": {
            "$format": {
                **given,
                "part": 0 if chart.swapped else 1,
                "hideZero": True,
                "values": [y for one in layer.series for _, y in one.points if y is not None],
            }
        },
    }


def _bar(layer: Layer, colour: str) -> dict[str, Any]:
    more: dict[str, Any] = {"barMaxWidth": 60, "barCategoryGap": "28%"}
    style: dict[str, Any] = {"color": colour}
    if layer.look.stack:
        more["stack"] = layer.look.stack
    if layer.shares_bars:
        # Neighbours in a stack may be too alike to tell apart without a line between them.
        style |= {"borderColor": palette.GAP, "borderWidth": 1}
    elif colour == palette.GREY:
        # The grey of what is only there to compare with is too pale to stand without an edge.
        style |= {"borderColor": palette.AXIS, "borderWidth": 1}
    if layer.look.opacity is not None:
        style["opacity"] = layer.look.opacity
    return {**more, "itemStyle": style}


def _scatter(
    chart: Chart, layer: Layer, series: Series, number: int, colour: str
) -> dict[str, Any]:
    several = len(chart.series) > 1
    shape = layer.look.symbol or (palette.POINTS[number % len(palette.POINTS)] if several else "")
    more: dict[str, Any] = {
        "symbol": shape or "circle",
        "symbolSize": layer.look.symbol_size,
        "itemStyle": {
            "color": colour,
            "opacity": 0.7 if layer.look.opacity is None else layer.look.opacity,
            # Where points lie on each other, an edge shows that there are several.
            "borderColor": palette.GAP,
            "borderWidth": 0.5,
        },
    }
    if series.sizes:
        more["data"] = [
            {"value": point, "symbolSize": size}
            for point, size in zip(_points(chart, series), series.sizes, strict=True)
        ]
    return more


def _line(
    chart: Chart, layer: Layer, series: Series, number: int, colour: str, narrow: bool
) -> dict[str, Any]:
    look = layer.look
    several = len(chart.series) > 1
    dash = palette.DASHES[number % len(palette.DASHES)] if several and not look.is_filled else None
    more: dict[str, Any] = {
        "symbol": look.symbol
        or (palette.MARKERS[number % len(palette.MARKERS)] if several else "circle"),
        "connectNulls": look.joins_gaps,
        "lineStyle": {
            "color": colour,
            "width": look.line_width,
            "type": DASH[look.dash] if look.dash else dash or "solid",
        },
        **_markers(chart, layer, series, narrow),
    }
    if look.step:
        more["step"] = look.step
    if look.stack:
        more["stack"] = look.stack
    if look.is_filled:
        opacity = 0.7 if look.opacity is None else look.opacity
        more["areaStyle"] = {"color": colour, "opacity": opacity}
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


def _markers(chart: Chart, layer: Layer, series: Series, narrow: bool) -> dict[str, Any]:
    """Return the points of a line: seen where asked for, or where one stands between gaps.

    In the wide drawing the others are there unseen, so that pointing at the line says its values.
    """
    if layer.look.has_markers or layer.look.label_format:
        return {"showSymbol": True, "symbolSize": 7}
    lone = _lone_points(series)
    speaks = not narrow and len(series.points) <= MOST_POINTS
    if not any(lone) and not speaks:
        return {"showSymbol": False}
    rest = {"symbolSize": 14, "itemStyle": {"opacity": 0}} if speaks else {"symbolSize": 0}
    data = [
        {"value": point, **({"symbolSize": 7} if alone else rest)}
        for point, alone in zip(_points(chart, series), lone, strict=True)
    ]
    return {"showSymbol": True, "showAllSymbol": True, "data": data}


def _lone_points(series: Series) -> list[bool]:
    """Return which values stand between gaps: without a marker they would not be seen."""
    known = [False, *(value is not None for _, value in series.points), False]
    return [
        here and not before and not after
        for before, here, after in zip(known, known[1:], known[2:], strict=False)
    ]


def _totals(chart: Chart, layer: Layer) -> dict[str, Any]:
    """Return an unseen bar on top of each stack that says what it adds up to.

    A stack with a part missing gets no total: beside the shown parts it would give the hidden away.
    """
    data: list[dict[str, Any]] = []
    for number, x in enumerate(chart.data.order):
        values = [series.points[number][1] for series in layer.series]
        known = [value for value in values if value is not None]
        point = [0, coordinate(chart, x)] if chart.swapped else [coordinate(chart, x), 0]
        item: dict[str, Any] = {"value": [*point, sum(known)]}
        if len(known) < len(values):
            item["label"] = {"show": False}
        data.append(item)
    return {
        "type": "bar",
        "stack": layer.look.stack,
        "silent": True,
        "data": data,
        "itemStyle": {"color": "transparent"},
        "labelLayout": {"hideOverlap": True},
        "label": {
            "show": True,
            "position": "right" if chart.swapped else "top",
            "color": palette.TEXT,
            "fontSize": 11,
            "fontWeight": "bold",
            "formatter": {
                "$format": {**(layer.look.label_format or {}), "part": 2, "hideZero": True}
            },
        },
    }
