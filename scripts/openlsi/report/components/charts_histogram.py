"""Histogram: how many values there are of each size."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from markupsafe import Markup

from openlsi.report.charts.binning import Bins, bins_of
from openlsi.report.charts.chart import Axis, Chart, Layer, Look
from openlsi.report.charts.option import height_of, option_of
from openlsi.report.charts.series import ChartData, Series
from openlsi.report.charts.svg import Drawing
from openlsi.report.components.charts_colours import own_colour
from openlsi.report.components.charts_columns import (
    AXES,
    axis_title,
    text_title,
)
from openlsi.report.components.charts_frame import (
    Column,
    Shown,
    figure,
    head_of,
    nothing_to_draw,
    number_column,
    texts_of,
    value_format,
)
from openlsi.report.components.charts_options import with_own_options
from openlsi.report.components.figures import empty_message
from openlsi.report.components.props import Call, Prop, Spec
from openlsi.report.components.references import REFERENCES, overlays_of

COUNTS = {"tag": "num0", "name": "count", "kind": "number", "summary": None, "units": False}


def _histogram(call: Call) -> Markup:
    empty = empty_message(call)
    if empty is not None:
        return empty
    column = number_column(call, "x")
    assert column is not None
    values = [float(v) for v in call.data.values(column) if isinstance(v, int | float)]
    if not values:
        return figure(call, nothing_to_draw([Column(column, None, call.props["xFmt"])], [column]))
    bins = bins_of(values)
    chart = _counted(call, column, bins)
    tag = call.props["xFmt"]
    edges = texts_of(call, column, tag, bins.edges)
    spans = [f"{low} to {high}" for low, high in pairwise(edges)]
    titles = [[f"{span}: {count:,}" for span, count in zip(spans, bins.counts, strict=True)]]
    most = max(range(len(spans)), key=lambda number: bins.counts[number])
    low, high = texts_of(call, column, tag, [min(values), max(values)])
    summary = (
        f"Histogram of {len(values):,} values of {head_of(call, column)} in "
        f"{len(spans)} bins, from {low} to {high}; the fullest bin, {spans[most]}, "
        f"holds {bins.counts[most]:,}."
    )

    def paint(width: int) -> Drawing:
        option = option_of(chart, width) | {"$titles": titles}
        # Neighbouring bins touch but for a hair, since there is no gap in what they count.
        option["series"][0] |= {"barWidth": "98%", "barMaxWidth": width}
        option = with_own_options(call, option)
        return call.context.draw(option, width, height_of(chart, width), call.place)

    return figure(
        call,
        Shown(
            kind="bar",
            paint=paint,
            summary=summary,
            columns=[Column(column, None, tag)],
            marked=[column],
            table=_bin_table(text_title(call, "xAxisTitle") or head_of(call, column), spans, bins),
        ),
    )


def _bin_table(head: str, spans: list[str], bins: Bins) -> dict[str, Any]:
    """Return the bins with their counts: what is drawn, where the values themselves are many."""
    rows = [
        [
            {"text": span, "is_mark": False, "link": None},
            {"text": f"{count:,}", "is_mark": False, "link": None},
        ]
        for span, count in zip(spans, bins.counts, strict=True)
    ]
    return {"heads": [(head, False, None), ("Count", True, None)], "rows": rows}


def _counted(call: Call, column: str, bins: Bins) -> Chart:
    middles = tuple((low + high) / 2 for low, high in pairwise(bins.edges))
    points = tuple(zip(middles, map(float, bins.counts), strict=True))
    data = ChartData(column, "value", (column,), None, (Series("Count", points),), middles, 0)
    look = Look(opacity=call.props["fillOpacity"], colour=own_colour(call, "fillColor"))
    x = value_format(call, column, call.props["xFmt"])
    title = call.props["yAxisTitle"]
    return Chart(
        data=data,
        layers=(Layer("bar", data.series, 0, look),),
        x_axis=Axis(
            x, axis_title(call, "xAxisTitle", column), has_labels=call.props["xAxisLabels"]
        ),
        y_axis=Axis(
            COUNTS,
            "" if title in (None, "true", "false") else str(title),
            call.props["yMin"],
            call.props["yMax"],
            has_grid=call.props["yGridlines"],
            has_labels=call.props["yAxisLabels"],
            is_whole=True,
        ),
        area_height=call.props["chartAreaHeight"] or 220.0,
        x_bounds=(bins.edges[0], bins.edges[-1]),
        x_step=_tick_step(bins),
        overlays=overlays_of(call, False, "value", COUNTS),
    )


def _tick_step(bins: Bins) -> float:
    """Return the distance of ticks: at the edges of bins, never more than ten of them."""
    every = -(-len(bins.counts) // 10)
    return bins.step * every


# What steers series has no meaning where there are none, and is refused as an unknown prop.
_OF_SERIES = ("y", "sort", "series", "seriesOrder", "seriesColors", "xType", "yScale")
SPREAD: dict[str, Any] = {
    **{name: prop for name, prop in AXES.items() if name not in _OF_SERIES},
    "legend": Prop("ignored"),
    "colorPalette": Prop("ignored"),
}
_COUNTED = {name: prop for name, prop in SPREAD.items() if name not in ("yFmt", "yLog")}

SPECS = (
    Spec(
        "Histogram",
        {
            **_COUNTED,
            "x": Prop("text", required=True),
            "xAxisTitle": Prop("text", "true"),
            "fillColor": Prop("text"),
            "fillOpacity": Prop("number"),
        },
        _histogram,
        children=frozenset(REFERENCES),
    ),
)
