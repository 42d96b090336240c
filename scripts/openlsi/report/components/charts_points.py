"""ScatterPlot and BubbleChart: a point a row, its area by a third column where one is given."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from openlsi.report.charts.chart import Chart, Layer, Look
from openlsi.report.charts.series import ChartData, Series, arrange
from openlsi.report.components.charts import x_axis_of
from openlsi.report.components.charts_colours import own_colour, own_palette
from openlsi.report.components.charts_columns import (
    AXES,
    axis_of,
    check_series,
    layout_of,
    names_of,
    series_colours,
    titles_of,
    x_and_y,
)
from openlsi.report.components.charts_drawn import drawn, place_texts
from openlsi.report.components.charts_frame import head_of, number_column, texts_of, value_format
from openlsi.report.components.figures import empty_message
from openlsi.report.components.props import Call, Prop, Spec
from openlsi.report.components.references import REFERENCES, SYMBOLS, overlays_of

LARGEST = 35.0
"""The width in pixels of the largest bubble, as Evidence has it."""


def _points(call: Call) -> Markup:
    empty = empty_message(call)
    if empty is not None:
        return empty
    props = call.props
    bubble = call.spec.name == "BubbleChart"
    size = number_column(call, "size") if bubble else None
    x, y = x_and_y(call, (size,) if size else ())
    layout = layout_of(call, keeps_points=True)
    data = arrange(call.data, x, y, props["series"], titles_of(call, y), layout)
    series = tuple(_kept(one) for one in data.series)
    if size:
        series = tuple(sized(call, one, size, props["scaleTo"]) for one in series)
    data = replace(data, series=series)
    check_series(call, data, list(series), False)
    chart = Chart(
        data=data,
        layers=(Layer("scatter", series, 0, _look(call, bubble)),),
        x_axis=x_axis_of(call, x),
        y_axis=axis_of(call, "y", y, props["yFmt"], is_scaled=True),
        area_height=props["chartAreaHeight"] or 260.0,
        colours=series_colours(call),
        palette_order=own_palette(call),
        x_bounds=(props["xMin"], props["xMax"]),
        overlays=overlays_of(call, False, data.x_kind, value_format(call, y[0], props["yFmt"])),
    )
    title = call.column(props["tooltipTitle"]) if props["tooltipTitle"] else None
    columns = [*names_of(title), x, *names_of(props["series"]), *y, *names_of(size)]
    return drawn(
        call,
        chart,
        columns,
        "Bubble chart" if bubble else "Scatter plot",
        titles=[_said(call, data, one, title, size) for one in series],
        notes=[_size_note(call, size)] if size else [],
        marked=[x, *y, *names_of(size)],
    )


def _kept(series: Series) -> Series:
    """Return a series without the rows that have no place in the plane."""
    pairs = [
        (point, row)
        for point, row in zip(series.points, series.rows, strict=True)
        if point[1] is not None and point[0] != ""
    ]
    return Series(series.name, tuple(p for p, _ in pairs), tuple(r for _, r in pairs))


def sized(call: Call, series: Series, column: str, scale: float) -> Series:
    """Return a series with the width of each point: areas go by the column; none is left out."""
    values = call.data.values(column)
    numbers = [float(v) for v in values if isinstance(v, int | float)]
    if any(number < 0 for number in numbers):
        raise call.error(f"size={column!r} has values below nought, which no area can show")
    most = max(numbers, default=0.0) or 1.0
    kept = [
        (point, row, value)
        for point, row in zip(series.points, series.rows, strict=True)
        if isinstance(value := values[row], int | float) and call.data.mark(row, column) is None
    ]
    return Series(
        series.name,
        tuple(point for point, _, _ in kept),
        tuple(row for _, row, _ in kept),
        tuple(round(math.sqrt(value / most) * LARGEST * scale, 2) for _, _, value in kept),
    )


def _look(call: Call, bubble: bool) -> Look:
    props = call.props
    return Look(
        symbol=props["shape"],
        symbol_size=LARGEST if bubble else props["pointSize"],
        opacity=props["opacity"],
        colour=own_colour(call, "fillColor"),
    )


def _said(
    call: Call, data: ChartData, series: Series, title: str | None, size: str | None
) -> list[str]:
    """Return what each point says: its name, then x, y and size."""
    props, table = call.props, call.data
    parts: list[Sequence[str]] = []
    if title:
        values = table.values(title)
        parts.append(texts_of(call, title, None, [values[row] for row in series.rows]))
    if data.series_column:
        parts.append([series.name] * len(series.points))
    xs = place_texts(call, data.x, props["xFmt"], [x for x, _ in series.points])
    parts.append([f"{head_of(call, data.x)}: {text}" for text in xs])
    ys = texts_of(call, data.y[0], props["yFmt"], [y for _, y in series.points])
    label = series.name if len(data.y) > 1 else head_of(call, data.y[0])
    parts.append([f"{label}: {text}" for text in ys])
    if size:
        values = table.values(size)
        shown = texts_of(call, size, props["sizeFmt"], [values[row] for row in series.rows])
        parts.append([f"{head_of(call, size)}: {text}" for text in shown])
    return [", ".join(row) for row in zip(*parts, strict=True)]


def _size_note(call: Call, size: str) -> str:
    values = [v for v in call.data.values(size) if isinstance(v, int | float)]
    if not values:
        return f"The area of a bubble shows {head_of(call, size)}."
    text = texts_of(call, size, call.props["sizeFmt"], [max(values)])[0]
    return f"The area of a bubble shows {head_of(call, size)}; the largest is {text}."


_PLANE: dict[str, Any] = {
    **AXES,
    "xAxisTitle": Prop("text", "true"),
    "yAxisTitle": Prop("text", "true"),
    "xMin": Prop("number"),
    "xMax": Prop("number"),
    "shape": Prop("choice", choices=SYMBOLS[:-1]),
    "opacity": Prop("number"),
    "fillColor": Prop("text"),
    "tooltipTitle": Prop("text"),
    "outlineColor": Prop("ignored"),
    "outlineWidth": Prop("ignored"),
}

SPECS = (
    Spec(
        "ScatterPlot",
        {**_PLANE, "pointSize": Prop("number", 10.0)},
        _points,
        children=frozenset(REFERENCES),
    ),
    Spec(
        "BubbleChart",
        {
            **_PLANE,
            "size": Prop("text", required=True),
            "sizeFmt": Prop("format"),
            "scaleTo": Prop("number", 1.0),
        },
        _points,
        children=frozenset(REFERENCES),
    ),
)
