"""From a chart with axes to its figure: drawings, legend, what marks say, and the sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from openlsi.report.charts import palette
from openlsi.report.charts.chart import Chart, Layer
from openlsi.report.charts.option import height_of, option_of
from openlsi.report.charts.series import Series
from openlsi.report.charts.svg import Drawing
from openlsi.report.components.charts_columns import text_title
from openlsi.report.components.charts_frame import (
    WIDTHS,
    Column,
    Key,
    Shown,
    figure,
    head_of,
    texts_of,
)
from openlsi.report.components.charts_options import with_own_options
from openlsi.report.components.props import Call
from openlsi.report.data import Value

SHAPES = {"circle": "dot", "emptyCircle": "dot", "triangle": "triangle", "diamond": "diamond"}
# The sample in a legend of a line that the page itself has dashed: the nearest of the style sheet.
_OWN_DASHES = {"solid": 1, "dashed": 2, "dotted": 3}


def drawn(
    call: Call,
    chart: Chart,
    columns: Sequence[str],
    words: str,
    *,
    titles: list[list[str]] | None = None,
    notes: Sequence[str] = (),
    marked: Sequence[str] | None = None,
) -> Markup:
    """Return the figure of a chart: `words` name its kind, `titles` are what its marks say."""
    texts = titles or _titles(call, chart)

    def paint(width: int) -> Drawing:
        option = with_own_options(call, option_of(chart, width)) | {"$titles": texts}
        return call.context.draw(option, width, height_of(chart, width), call.place)

    given = call.props.get("legend")
    has_legend = len(chart.series) > 1 if given is None else given
    shown = Shown(
        kind="bar" if chart.has("bar") else "line",
        paint=paint,
        summary=summary_of(call, chart, words),
        columns=_columns(call, columns, chart),
        marked=chart.data.y if marked is None else marked,
        legend=[_key(chart, i) for i in range(len(chart.series))] if has_legend else [],
        has_direct_labels=chart.has_direct_labels,
        axis_title=chart.y_axis.title if chart.swapped else "",
        notes=notes,
        # A frame with nothing in it would look like a fault.
        widths=WIDTHS if any(y is not None for _, s in chart.series for _, y in s.points) else (),
    )
    return figure(call, shown)


def _columns(call: Call, names: Sequence[str], chart: Chart) -> list[Column]:
    """Return the table's columns: an axis that the page gave a title gives its column a head."""
    props = call.props
    right = _right_columns(call)
    left = [name for name in chart.data.y if name not in right]
    found: list[Column] = []
    for name in dict.fromkeys(names):
        if name == chart.data.x:
            found.append(Column(name, text_title(call, "xAxisTitle"), props["xFmt"]))
        elif name in right:
            head = text_title(call, "y2AxisTitle") if len(right) == 1 else None
            found.append(Column(name, head, props["y2Fmt"]))
        elif name in chart.data.y:
            head = text_title(call, "yAxisTitle") if len(left) == 1 else None
            found.append(Column(name, head, props["yFmt"]))
        elif name == props.get("size"):
            found.append(Column(name, None, props["sizeFmt"]))
        else:
            found.append(Column(name))
    return found


def _right_columns(call: Call) -> list[str]:
    given = call.props.get("y2")
    return [str(name) for name in given] if isinstance(given, list) else [str(given)] * bool(given)


def _key(chart: Chart, number: int) -> Key:
    layer, series = chart.series[number]
    colour = palette.CLASSES.get(chart.colour(number, series.name).upper(), "s1")
    name = f"{series.name} (right)" if layer.axis else series.name
    if layer.kind == "line" and not layer.look.is_filled:
        dash = _OWN_DASHES.get(layer.look.dash or "", number % len(palette.DASHES) + 1)
        return Key(name, colour, "line", dash)
    if layer.kind == "scatter":
        symbol = layer.look.symbol or palette.POINTS[number % len(palette.POINTS)]
        return Key(name, colour, SHAPES.get(symbol, "box"))
    return Key(name, colour, "edge" if colour == palette.CLASSES[palette.GREY] else "box")


def place_texts(call: Call, column: str, tag: str | None, values: Sequence[Value]) -> list[str]:
    """Return places along an axis as text; a place without a name is a dash."""
    return texts_of(call, column, tag, [None if value == "" else value for value in values])


def _value_column(chart: Chart, layer: Layer) -> str:
    return str((chart.y2_axis or chart.y_axis).format["name"] if layer.axis else chart.data.y[0])


def _value_tag(chart: Chart, layer: Layer) -> str | None:
    axis = chart.y2_axis if layer.axis and chart.y2_axis else chart.y_axis
    tag: str | None = axis.format["tag"]
    return tag


def _titles(call: Call, chart: Chart) -> list[list[str]]:
    """Return, for every series, what each of its marks says: series, place and value."""
    places = dict(
        zip(
            chart.data.order,
            place_texts(call, chart.data.x, call.props["xFmt"], chart.data.order),
            strict=True,
        )
    )
    found: list[list[str]] = []
    for layer, series in chart.series:
        values = [value for _, value in series.points]
        texts = texts_of(call, _value_column(chart, layer), _value_tag(chart, layer), values)
        prefix = f"{series.name}, " if len(chart.series) > 1 else ""
        found.append(
            [
                f"{prefix}{places[x]}: {text}"
                for (x, _), text in zip(series.points, texts, strict=True)
            ]
        )
    return found


def summary_of(call: Call, chart: Chart, words: str) -> str:
    """Return what the picture shows in a sentence, for those who do not see it."""
    parts = [_range(call, chart, layer, series) for layer, series in chart.series]
    along = head_of(call, chart.data.x)
    return f"{words} with {len(chart.data.order)} points along {along}. " + " ".join(parts)


def _range(call: Call, chart: Chart, layer: Layer, series: Series) -> str:
    known: list[tuple[Any, float]] = [(x, y) for x, y in series.points if y is not None]
    if not known:
        return f"{series.name}: no values."
    low, high = min(known, key=lambda point: point[1]), max(known, key=lambda point: point[1])
    tag = _value_tag(chart, layer)
    texts = texts_of(call, _value_column(chart, layer), tag, [low[1], high[1]])
    places = place_texts(call, chart.data.x, call.props["xFmt"], [low[0], high[0]])
    return f"{series.name}: lowest {texts[0]} ({places[0]}), highest {texts[1]} ({places[1]})."
