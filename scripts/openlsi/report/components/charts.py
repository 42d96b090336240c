"""LineChart and BarChart: a picture, a sentence, the table behind it and its CSV."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup

from openlsi.report.charts import palette
from openlsi.report.charts.option import Axis, Chart, height_of, option_of
from openlsi.report.charts.series import ChartData, Layout, arrange
from openlsi.report.components.figures import DATA, EMPTY_PROPS, empty_message, explained, marks_of
from openlsi.report.components.props import Call, Prop, Spec
from openlsi.report.components.references import REFERENCES, overlay
from openlsi.report.data import Table
from openlsi.report.templating import render

WIDTHS = (("wide", 720), ("narrow", 340))
COLOUR = re.compile(r"^#[0-9A-Fa-f]{6}$")


def _chart(call: Call) -> Markup:
    empty = empty_message(call)
    if empty is not None:
        return empty
    x, y = _columns(call)
    data = _arranged(call, x, y)
    _check(call, data)
    chart = _described(call, data)
    title = call.props["title"]
    identifier = call.context.identifier(title or f"chart {call.data.name}")
    drawings = []
    for size, width in WIDTHS:
        drawing = call.context.draw(option_of(chart, width), width, height_of(chart), call.place)
        inner = Markup(drawing.named(f"{identifier}-{size}"))  # noqa: S704 - cleaned SVG
        drawings.append({"size": size, "drawing": drawing, "inner": inner})
    names = palette.CLASSES
    return render(
        "components/chart.html.jinja",
        identifier=identifier,
        title=title,
        subtitle=call.props["subtitle"],
        drawings=drawings,
        summary=_summary(call, chart),
        legend=[
            (series.name, names.get(chart.colour(i, series.name).upper(), "s1"), i % 6 + 1)
            for i, series in enumerate(data.series)
        ]
        if _has_legend(call, data)
        else [],
        kind=chart.kind,
        direct=chart.has_direct_labels,
        axis_title=call.props["yAxisTitle"] if chart.swapped else None,
        table=_table(call, x, y),
        notes=explained(call, marks_of(call.data, y)),
        download=call.context.download(identifier, call.data)
        if call.props["downloadableData"]
        else None,
    )


def _columns(call: Call) -> tuple[str, list[str]]:
    """Return x and y; by default the first column, and every other column of numbers."""
    table, props = call.data, call.props
    x = call.column(props["x"] or table.columns[0])
    series = call.column(props["series"]) if props["series"] else None
    given = props["y"]
    if given is None:
        names = [c for c in table.shown_columns() if c not in (x, series)]
        names = [c for c in names if table.kind(c) == "number"]
    else:
        names = [str(name) for name in given] if isinstance(given, list) else [given]
    if not names:
        raise call.error(f"y is required: query {table.name!r} has no column of numbers beside x")
    for name in names:
        call.column(name)
        if table.kind(name) != "number":
            raise call.error(f"y={name!r} holds {table.kind(name)}s, not numbers")
    return x, names


def _arranged(call: Call, x: str, y: list[str]) -> ChartData:
    props = call.props
    bar = call.spec.name == "BarChart"
    stacked = bar and props["type"] in ("stacked", "stacked100")
    order = props["seriesOrder"]
    layout = Layout(
        sort=props["sort"],
        x_type=props["xType"],
        stacked=stacked,
        is_bar=bar,
        percent=bar and props["type"] == "stacked100",
        zero_missing=not bar and props["handleMissing"] == "zero",
        series_order=tuple(map(str, order)) if isinstance(order, list) else (),
    )
    titles = {column: call.context.js.title(column) for column in y}
    return arrange(call.data, x, y, props["series"], titles, layout)


def _check(call: Call, data: ChartData) -> None:
    """Refuse what the real Evidence refuses, and more series than anybody can tell apart."""
    swapped = call.spec.name == "BarChart" and call.props["swapXY"]
    if swapped and data.x_kind != "category":
        raise call.error(
            f"swapXY needs names on x, but {data.x!r} holds {data.x_kind}s; turn it into text in "
            "the query, or leave swapXY out"
        )
    if len(data.series) > len(palette.CATEGORICAL):
        raise call.error(
            f"{len(data.series)} series are more than the {len(palette.CATEGORICAL)} colours that "
            "can be told apart; select fewer, or use one chart each"
        )
    values = [value for series in data.series for _, value in series.points if value is not None]
    if call.props["yLog"] and any(value <= 0 for value in values):
        raise call.error("yLog cannot show values of nought or less")


def _described(call: Call, data: ChartData) -> Chart:
    props = call.props
    bar = call.spec.name == "BarChart"
    percent = bar and props["type"] == "stacked100"
    swapped = bar and props["swapXY"]
    y_format = _format(call, data.y[0], props["yFmt"] or ("pct0" if percent else None), units=True)
    x_format = _format(call, data.x, props["xFmt"], units=True)
    labels = _format(call, data.y[0], props["labelFmt"] or y_format["tag"], units=False)
    overlays = [
        overlay(member, swapped, data.x_kind, {**y_format, "units": False})
        for member in call.members(REFERENCES)
    ]
    return Chart(
        kind="bar" if bar else "line",
        data=data,
        x_axis=Axis(
            x_format, _axis_title(call, "xAxisTitle", data.x), has_labels=props["xAxisLabels"]
        ),
        y_axis=Axis(
            y_format,
            _axis_title(call, "yAxisTitle", data.y[0] if len(data.y) == 1 else ""),
            props["yMin"],
            props["yMax"],
            props["yLog"],
            props["yScale"],
            props["yGridlines"],
            props["yAxisLabels"],
        ),
        swapped=swapped,
        stacked=bar and props["type"] != "grouped" and data.is_multiple,
        percent=percent,
        has_markers=not bar and props["markers"],
        joins_gaps=not bar and props["handleMissing"] == "connect",
        step="end" if not bar and props["step"] else None,
        line_width=2.0 if bar else props["lineWidth"],
        area_height=props["chartAreaHeight"] or 220.0,
        label_format=labels if props["labels"] else None,
        colours=_colours(call),
        overlays=tuple(overlays),
    )


def _format(call: Call, column: str, tag: str | None, units: bool) -> dict[str, Any]:
    kind = call.data.kind(column)
    summary = call.context.js.call("openlsiFormats.summarise", call.data.values(column), kind)
    return {"tag": tag, "name": column, "kind": kind, "summary": summary, "units": units}


def _axis_title(call: Call, prop: str, column: str) -> str:
    text = call.props[prop]
    if text == "true":
        return call.context.js.title(column) if column else ""
    return "" if text in (None, "false") else str(text)


def _colours(call: Call) -> dict[str, str]:
    """Return the page's own colours by series; only those that the style sheet can turn dark."""
    given = call.props["seriesColors"]
    if given is None:
        return {}
    if not isinstance(given, Table) or len(given.rows) != 1:
        raise call.error("seriesColors should be {{'Name': '#12436D', …}}")
    colours = {name: str(v) for name, v in zip(given.columns, given.rows[0], strict=True)}
    for colour in colours.values():
        if not COLOUR.match(colour) or palette.class_of(colour) is None:
            known = ", ".join((*palette.CATEGORICAL, palette.GREY, *palette.SEQUENTIAL[1:]))
            raise call.error(f"colour {colour!r} is not of the palette: {known}")
    return colours


def _has_legend(call: Call, data: ChartData) -> bool:
    legend = call.props["legend"]
    return data.is_multiple if legend is None else bool(legend)


def _summary(call: Call, chart: Chart) -> str:
    """Return what the picture shows in a sentence, for those who do not see it."""
    data, js = chart.data, call.context.js
    tag = chart.y_axis.format["tag"]
    x_tag = call.props["xFmt"]

    def place(x: Any) -> str:
        return js.format_column(call.data, data.x, x_tag, [x], with_units=False)[0]

    parts: list[str] = []
    for series in data.series:
        known = [(x, value) for x, value in series.points if value is not None]
        if not known:
            parts.append(f"{series.name}: no values.")
            continue
        low = min(known, key=lambda point: point[1] or 0)
        high = max(known, key=lambda point: point[1] or 0)
        column = data.y[0]
        texts = js.format_column(call.data, column, tag, [low[1], high[1]], with_units=False)
        parts.append(
            f"{series.name}: lowest {texts[0]} ({place(low[0])}), "
            f"highest {texts[1]} ({place(high[0])})."
        )
    kind = "Bar chart" if chart.kind == "bar" else "Line chart"
    return f"{kind} with {len(data.order)} points along {js.title(data.x)}. " + " ".join(parts)


def _table(call: Call, x: str, y: list[str]) -> dict[str, Any]:
    """Return the chart's own columns as text, in the order of the query."""
    table, js, props = call.data, call.context.js, call.props
    columns = [x, *([props["series"]] if props["series"] else []), *y]
    shown: list[list[tuple[str, bool]]] = []
    for column in dict.fromkeys(columns):
        tag = props["xFmt"] if column == x else props["yFmt"] if column in y else None
        texts = js.format_column(table, column, tag, with_units=False)
        marks = [table.mark(row, column) for row in range(len(table.rows))]
        beside = [table.annotation(row, column) for row in range(len(table.rows))]
        shown.append(
            [
                (mark or (f"{text} {note}" if note else text), bool(mark))
                for mark, note, text in zip(marks, beside, texts, strict=True)
            ]
        )
    return {
        "heads": [(js.title(c), table.kind(c) == "number") for c in dict.fromkeys(columns)],
        "rows": list(zip(*shown, strict=True)),
    }


_COMMON = {
    **DATA,
    "x": Prop("text"),
    "y": Prop("columns"),
    "series": Prop("text"),
    "title": Prop("text"),
    "subtitle": Prop("text"),
    "legend": Prop("flag"),
    "xAxisTitle": Prop("text"),
    "yAxisTitle": Prop("text"),
    "xFmt": Prop("format"),
    "yFmt": Prop("format"),
    "xType": Prop("choice", choices=("category", "value")),
    "yMin": Prop("number"),
    "yMax": Prop("number"),
    "yScale": Prop("flag", False),
    "yLog": Prop("flag", False),
    "yGridlines": Prop("flag", True),
    "xAxisLabels": Prop("flag", True),
    "yAxisLabels": Prop("flag", True),
    "sort": Prop("flag", True),
    "seriesOrder": Prop("columns"),
    "seriesColors": Prop("value"),
    "labels": Prop("flag", False),
    "labelFmt": Prop("format"),
    "chartAreaHeight": Prop("number"),
    "downloadableData": Prop("flag", True),
    "downloadableImage": Prop("ignored"),
    "colorPalette": Prop("ignored"),
    "renderer": Prop("ignored"),
    "connectGroup": Prop("ignored"),
    "xGridlines": Prop("ignored"),
    "xBaseline": Prop("ignored"),
    "yBaseline": Prop("ignored"),
    "xTickMarks": Prop("ignored"),
    "yTickMarks": Prop("ignored"),
    **EMPTY_PROPS,
}

SPECS = (
    Spec(
        "LineChart",
        {
            **_COMMON,
            "markers": Prop("flag", False),
            "handleMissing": Prop("choice", "gap", choices=("gap", "connect", "zero")),
            "step": Prop("flag", False),
            "lineWidth": Prop("number", 2.0),
            "lineType": Prop("ignored"),
            "lineColor": Prop("ignored"),
        },
        _chart,
        children=frozenset(REFERENCES),
    ),
    Spec(
        "BarChart",
        {
            **_COMMON,
            "type": Prop("choice", "stacked", choices=("stacked", "grouped", "stacked100")),
            "swapXY": Prop("flag", False),
            "showAllXAxisLabels": Prop("ignored"),
            "stackTotalLabel": Prop("ignored"),
            "labelPosition": Prop("ignored"),
            "fillColor": Prop("ignored"),
        },
        _chart,
        children=frozenset(REFERENCES),
    ),
    *REFERENCES.values(),
)
