"""Heatmap and CalendarHeatmap: values as five steps of one colour."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from openlsi.report.charts import palette
from openlsi.report.charts.binning import class_edges, ramp_of
from openlsi.report.charts.calendar import Calendar, Day, calendar
from openlsi.report.charts.heat import Cell, Grid, grid_height, grid_option
from openlsi.report.components.charts_frame import (
    FRAME_PROPS,
    Column,
    Key,
    Shown,
    figure,
    nothing_to_draw,
    number_column,
    range_words,
    texts_of,
)
from openlsi.report.components.charts_options import OPTION_PROPS, with_own_options
from openlsi.report.components.figures import DATA, empty_message
from openlsi.report.components.props import Call, Prop, Spec
from openlsi.report.data import Value

MOST_CELLS = 2000


def edges_for(call: Call, values: Sequence[float]) -> tuple[float, ...]:
    """Return the edges of the classes of values; the page may say where they begin and end."""
    low = call.props["min"] if call.props["min"] is not None else min(values, default=0.0)
    high = call.props["max"] if call.props["max"] is not None else max(values, default=0.0)
    if low > high:
        raise call.error(f"min={low:g} is above max={high:g}")
    return tuple(class_edges(low, high))


def scale_keys(
    call: Call, column: str, tag: str | None, edges: Sequence[float], has_none: bool
) -> list[Key]:
    """Return the legend of classes: from where to where each goes."""
    kind = call.data.kind(column)
    texts = call.context.js.call(
        "openlsiFormats.steps", list(edges), kind, column, tag, call.data.values(column)
    )
    count = len(edges) - 1
    keys = [
        Key(_span(texts[i], texts[i + 1]), palette.CLASSES[palette.RAMP[ramp_of(i, count)]], "edge")
        for i in range(count)
    ]
    return [*keys, Key("No figure", "cw", "edge")] if has_none else keys


def _span(low: str, high: str) -> str:
    return low if low == high else f"{low} to {high}"


def _heatmap(call: Call) -> Markup:
    empty = empty_message(call)
    if empty is not None:
        return empty
    props = call.props
    x, y = call.column(props["x"]), call.column(props["y"])
    value = number_column(call, "value")
    assert value is not None
    for prop, column in (("x", x), ("y", y)):
        if call.data.kind(column) == "date":
            raise call.error(
                f"{prop}={column!r} holds dates; turn them into text in the query, such as "
                f"strftime({column}, '%b %Y')"
            )
    across = _distinct(call, x, props["xSort"], props["xSortOrder"])
    down = _distinct(call, y, props["ySort"], props["ySortOrder"])
    if len(across) * len(down) > MOST_CELLS:
        raise call.error(f"{len(across)} by {len(down)} cells are more than {MOST_CELLS}")
    grid = _grid(call, (x, y, value), across, down)
    names = [f"{a}, {b}" for a, b in zip(_texts(call, x), _texts(call, y), strict=True)]
    words = range_words(call, value, props["valueFmt"], names)
    columns = [Column(x), Column(y), Column(value, None, props["valueFmt"])]
    if all(cell.value is None for cell in grid.cells):
        return figure(call, nothing_to_draw(columns, [value]))
    has_none = any(cell.value is None for cell in grid.cells)
    return figure(
        call,
        Shown(
            kind="bar",
            paint=lambda width: call.context.draw(
                with_own_options(call, grid_option(grid, width)),
                width,
                grid_height(grid, width),
                call.place,
            ),
            summary=f"Heatmap of {len(across)} columns and {len(down)} rows: {words}",
            columns=columns,
            marked=[value],
            legend=scale_keys(call, value, props["valueFmt"], grid.edges, has_none)
            if props["legend"]
            else [],
        ),
    )


def _texts(call: Call, column: str) -> list[str]:
    return ["" if value is None else str(value) for value in call.data.values(column)]


def _distinct(call: Call, column: str, sort: str | None, direction: str) -> list[str]:
    """Return the names of an axis: as the query has them, or in the order of another column."""
    texts = _texts(call, column)
    if sort is None:
        return list(dict.fromkeys(texts))
    by = call.data.values(call.column(sort))
    first: dict[str, Value] = {}
    for text, value in zip(texts, by, strict=True):
        first.setdefault(text, value)
    known = sorted(
        (text for text in first if first[text] is not None),
        key=lambda text: _sortable(first[text]),
        reverse=direction == "desc",
    )
    return [*known, *(text for text in first if first[text] is None)]


def _sortable(value: Value) -> tuple[float, str]:
    return (float(value), "") if isinstance(value, int | float) else (0.0, str(value))


def _grid(call: Call, columns: tuple[str, str, str], across: list[str], down: list[str]) -> Grid:
    props, table = call.props, call.data
    x, y, value = columns
    rows = {
        pair: row for row, pair in enumerate(zip(_texts(call, x), _texts(call, y), strict=True))
    }
    if len(rows) < len(table.rows):
        raise call.error(f"query {table.name!r} has several rows for one cell; sum them there")
    numbers = table.values(value)
    texts = texts_of(call, value, props["valueFmt"], numbers)
    cells: list[Cell] = []
    for name_x in across:
        for name_y in down:
            row = rows.get((name_x, name_y))
            number = numbers[row] if row is not None else None
            mark = table.mark(row, value) if row is not None else None
            shown = mark or (texts[row] if row is not None and number is not None else "")
            if number is None and mark is None and props["nullsZero"]:
                number = 0
            if number == 0:
                shown = props["zeroDisplay"]
            filled = float(number) if isinstance(number, int | float) else None
            title = f"{name_y}, {name_x}: {shown or 'no figure'}"
            cells.append(Cell((name_x, name_y), filled, shown, title))
    edges = edges_for(call, [cell.value for cell in cells if cell.value is not None])
    return Grid(
        tuple(across),
        tuple(down),
        tuple(cells),
        edges,
        cell_height=props["chartAreaHeight"] / max(len(down), 1)
        if props["chartAreaHeight"]
        else props["cellHeight"],
        is_labelled=props["valueLabels"],
        is_labelled_narrow=props["mobileValueLabels"],
        has_borders=props["borders"],
        x_position=props["xAxisPosition"],
    )


def _calendar(call: Call) -> Markup:
    empty = empty_message(call)
    if empty is not None:
        return empty
    props = call.props
    date = call.column(props["date"])
    value = number_column(call, "value")
    assert value is not None
    words = call.context.js.format_column(call.data, date, "d mmmm yyyy", with_units=False)
    known = _days(call, date, value, words)
    columns = [Column(date, None, "d mmm yyyy"), Column(value, None, props["valueFmt"])]
    if all(day.value is None for day in known):
        return figure(call, nothing_to_draw(columns, [value]))
    edges = edges_for(call, [day.value for day in known if day.value is not None])
    given = Calendar(known, edges, props["yearLabel"], props["monthLabel"], props["dayLabel"])
    years = given.years
    tag = props["valueFmt"]
    return figure(
        call,
        Shown(
            kind="bar",
            paint=lambda width: calendar(given, width),
            summary=f"Calendar of {len(known)} days, {years[0]} to {years[-1]}: "
            + range_words(call, value, tag, words),
            columns=columns,
            marked=[value],
            legend=scale_keys(call, value, tag, edges, True) if props["legend"] else [],
        ),
    )


def _days(call: Call, date: str, value: str, words: list[str]) -> tuple[Day, ...]:
    table = call.data
    if table.kind(date) != "date":
        raise call.error(f"date={date!r} holds {table.kind(date)}s, not dates")
    days = [str(day)[:10] for day in table.values(date) if day is not None]
    if len(days) < len(table.rows):
        raise call.error(f"date={date!r} is empty in {len(table.rows) - len(days)} rows")
    if len(set(days)) < len(days):
        raise call.error(f"query {table.name!r} has several rows for one day; sum them there")
    texts = texts_of(call, value, call.props["valueFmt"], table.values(value))
    return tuple(
        Day(
            datetime.date.fromisoformat(day),
            float(number) if isinstance(number, int | float) else None,
            f"{word}: {table.mark(row, value) or text}",
        )
        for row, (day, number, text, word) in enumerate(
            zip(days, table.values(value), texts, words, strict=True)
        )
    )


_HEAT: dict[str, Any] = {
    **DATA,
    **FRAME_PROPS,
    "value": Prop("text", required=True),
    "valueFmt": Prop("format"),
    "min": Prop("number"),
    "max": Prop("number"),
    "legend": Prop("flag", True),
    "chartAreaHeight": Prop("number"),
    "colorScale": Prop("ignored"),
    "colorPalette": Prop("ignored"),
    "filter": Prop("ignored"),
}
_ORDER = Prop("choice", "asc", choices=("asc", "desc"))

SPECS = (
    Spec(
        "Heatmap",
        {
            **_HEAT,
            **OPTION_PROPS,
            "x": Prop("text", required=True),
            "y": Prop("text", required=True),
            "xSort": Prop("text"),
            "xSortOrder": _ORDER,
            "ySort": Prop("text"),
            "ySortOrder": _ORDER,
            "nullsZero": Prop("flag", True),
            "zeroDisplay": Prop("text", "—"),
            "cellHeight": Prop("number", 30.0),
            "valueLabels": Prop("flag", True),
            "mobileValueLabels": Prop("flag", False),
            "borders": Prop("flag", True),
            "xAxisPosition": Prop("choice", "top", choices=("top", "bottom")),
            "xLabelRotation": Prop("ignored"),
            "xTickMarks": Prop("ignored"),
            "yTickMarks": Prop("ignored"),
        },
        _heatmap,
    ),
    Spec(
        "CalendarHeatmap",
        {
            **_HEAT,
            "date": Prop("text", required=True),
            "yearLabel": Prop("flag", True),
            "monthLabel": Prop("flag", True),
            "dayLabel": Prop("flag", True),
        },
        _calendar,
    ),
)
