"""What charts with axes share: which columns they draw, their axes, colours and refusals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openlsi.report.charts import palette
from openlsi.report.charts.chart import Axis
from openlsi.report.charts.series import ChartData, Layout, Series
from openlsi.report.components.charts_colours import known_colour
from openlsi.report.components.charts_frame import FRAME_PROPS, NUMBERS, head_of, value_format
from openlsi.report.components.charts_options import OPTION_PROPS
from openlsi.report.components.figures import DATA
from openlsi.report.components.props import Call, Prop
from openlsi.report.data import Table


def names_of(given: Any) -> list[str]:
    """Return the columns that a prop names, one or a list."""
    if given is None:
        return []
    return [str(name) for name in given] if isinstance(given, list) else [str(given)]


def x_and_y(call: Call, taken: tuple[str, ...] = ()) -> tuple[str, list[str]]:
    """Return x and y; by default the first column, and every other column of numbers."""
    table, props = call.data, call.props
    x = call.column(props["x"] or table.columns[0])
    series = call.column(props["series"]) if props["series"] else None
    used = {x, series, *taken}
    if props["y"] is None:
        names = [c for c in table.shown_columns() if c not in used and table.kind(c) == NUMBERS]
    else:
        names = names_of(props["y"])
    if not names:
        raise call.error(f"y is required: query {table.name!r} has no column of numbers beside x")
    return x, numbers_of(call, "y", names)


def numbers_of(call: Call, prop: str, names: list[str]) -> list[str]:
    """Return columns, all of numbers."""
    for name in names:
        call.column(name)
        if call.data.kind(name) != NUMBERS:
            raise call.error(f"{prop}={name!r} holds {call.data.kind(name)}s, not numbers")
    return names


def layout_of(call: Call, **more: Any) -> Layout:
    """Return how a chart's data is laid out."""
    return Layout(
        sort=call.props["sort"],
        x_type=call.props["xType"],
        series_order=tuple(_heads(call).get(n, n) for n in names_of(call.props["seriesOrder"])),
        **more,
    )


def _heads(call: Call) -> dict[str, str]:
    """Return our names of whole columns by those that Evidence gives them, as pages write them."""
    return {
        call.context.js.title(column): head_of(call, column)
        for column in call.data.columns
        if call.data.kind(column) == NUMBERS
    }


def titles_of(call: Call, columns: list[str]) -> dict[str, str]:
    """Return the titles that series of whole columns have."""
    return {column: head_of(call, column) for column in columns}


def check_series(call: Call, data: ChartData, series: list[Series], swapped: bool) -> None:
    """Refuse what the real Evidence refuses, and more series than anybody can tell apart."""
    if swapped and data.x_kind != "category":
        raise call.error(
            f"swapXY needs names on x, but {data.x!r} holds {data.x_kind}s; turn it into text in "
            "the query, or leave swapXY out"
        )
    if len(series) > len(palette.CATEGORICAL):
        raise call.error(
            f"{len(series)} series are more than the {len(palette.CATEGORICAL)} colours that "
            "can be told apart; select fewer, or use one chart each"
        )


def axis_of(call: Call, prefix: str, columns: Sequence[str], tag: str | None, **more: Any) -> Axis:
    """Return the axis of columns as the props that begin with a prefix (y or y2) ask for it."""
    props = call.props
    values = [
        v for column in columns for v in call.data.values(column) if isinstance(v, int | float)
    ]
    is_log = bool(props.get(f"{prefix}Log"))
    if is_log and any(value <= 0 for value in values):
        raise call.error(f"{prefix}Log cannot show values of nought or less")
    settings = {
        "format": value_format(call, columns[0], tag),
        "title": axis_title(call, f"{prefix}AxisTitle", columns[0] if len(columns) == 1 else ""),
        "low": props.get(f"{prefix}Min"),
        "high": props.get(f"{prefix}Max"),
        "is_log": is_log,
        "is_scaled": bool(props.get(f"{prefix}Scale")),
        "has_grid": props[f"{prefix}Gridlines"],
        "has_labels": props[f"{prefix}AxisLabels"],
        "is_whole": all(float(value).is_integer() for value in values),
    }
    return Axis(**{**settings, **more})


def axis_title(call: Call, prop: str, column: str) -> str:
    """Return an axis's title: given, that of a column where the prop is `true`, or none."""
    text = call.props[prop]
    if text == "true":
        return head_of(call, column) if column else ""
    return "" if text in (None, "false") else str(text)


def text_title(call: Call, prop: str) -> str | None:
    """Return a title that the page wrote out, to head the column in the table too."""
    text = call.props.get(prop)
    return None if text in (None, "true", "false") else str(text)


def series_colours(call: Call) -> dict[str, str]:
    """Return the page's own colours by series."""
    given = call.props["seriesColors"]
    if given is None:
        return {}
    if not isinstance(given, Table) or len(given.rows) != 1:
        raise call.error("seriesColors should be {{'Name': '#12436D', …}}")
    heads = _heads(call)
    return {
        heads.get(name, name): known_colour(call, str(value))
        for name, value in zip(given.columns, given.rows[0], strict=True)
    }


AXES = {
    **DATA,
    **FRAME_PROPS,
    **OPTION_PROPS,
    "x": Prop("text"),
    "y": Prop("columns"),
    "series": Prop("text"),
    "legend": Prop("flag"),
    "xAxisTitle": Prop("text"),
    "yAxisTitle": Prop("text"),
    "xFmt": Prop("format"),
    "yFmt": Prop("format"),
    "xType": Prop("choice", choices=("category", "value", "time")),
    "yMin": Prop("number"),
    "yMax": Prop("number"),
    "yScale": Prop("flag", False),
    "yLog": Prop("flag", False),
    "yLogBase": Prop("ignored"),
    "yGridlines": Prop("flag", True),
    "xAxisLabels": Prop("flag", True),
    "yAxisLabels": Prop("flag", True),
    "sort": Prop("flag", True),
    "seriesOrder": Prop("columns"),
    "seriesColors": Prop("value"),
    "chartAreaHeight": Prop("number"),
    "colorPalette": Prop("columns"),
    "xGridlines": Prop("ignored"),
    "xBaseline": Prop("ignored"),
    "yBaseline": Prop("ignored"),
    "xTickMarks": Prop("ignored"),
    "yTickMarks": Prop("ignored"),
    "xLabelWrap": Prop("ignored"),
    "showAllXAxisLabels": Prop("ignored"),
}

SECOND_AXIS = {
    "y2": Prop("columns"),
    "y2Fmt": Prop("format"),
    "y2AxisTitle": Prop("text"),
    "y2Min": Prop("number"),
    "y2Max": Prop("number"),
    "y2Scale": Prop("flag", False),
    "y2Gridlines": Prop("flag", False),
    "y2AxisLabels": Prop("flag", True),
    "y2Baseline": Prop("ignored"),
    "y2TickMarks": Prop("ignored"),
    "yAxisColor": Prop("ignored"),
    "y2AxisColor": Prop("ignored"),
}

LABELS = {
    "labels": Prop("flag", False),
    "labelFmt": Prop("format"),
    "labelPosition": Prop("choice", choices=("above", "below", "middle", "inside", "outside")),
    "labelSize": Prop("ignored"),
    "labelColor": Prop("ignored"),
    "showAllLabels": Prop("ignored"),
}
