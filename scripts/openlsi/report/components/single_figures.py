"""Single figures: Value, BigValue, Delta and LastRefreshed."""

from __future__ import annotations

from markupsafe import Markup

from openlsi.report.addresses import is_safe
from openlsi.report.charts.sparkline import KINDS
from openlsi.report.components.charts_colours import own_colour, text_class
from openlsi.report.components.charts_series_line import series_line
from openlsi.report.components.figures import (
    DATA,
    EMPTY_PROPS,
    Shown,
    direction,
    empty_message,
    shown_value,
)
from openlsi.report.components.props import Call, Prop, Spec
from openlsi.report.data import Table
from openlsi.report.templating import render

AGGREGATES = {
    "sum": "sum",
    "avg": "mean",
    "mean": "mean",
    "median": "median",
    "min": "min",
    "max": "max",
}
"""What agg= may say, by the name that the formats have for it."""
SPARKLINE_SIZE = (160, 36)


def _value(call: Call) -> Markup:
    props = call.props
    if props["placeholder"]:
        return render(
            "components/value.html.jinja",
            shown=Shown(f"[{props['placeholder']}]", False),
            colour="",
        )
    if props["data"] is None:
        raise call.error("data={…} is missing")
    empty = empty_message(call, is_inline=True)
    if empty is not None:
        return empty
    column = call.column(props["column"] or props["value"] or call.data.columns[0])
    row = int(props["row"])
    if not 0 <= row < len(call.data.rows):
        raise call.error(
            f"row {row} does not exist: query {call.data.name!r} has {len(call.data.rows)}"
        )
    if props["agg"]:
        shown = _aggregated(call, column)
    else:
        shown = shown_value(call, call.data, column, row, props["fmt"])
    is_red = props["redNegatives"] and (shown.number or 0) < 0
    return render(
        "components/value.html.jinja",
        shown=shown,
        colour="cell-negative" if is_red else text_class(call),
    )


def _aggregated(call: Call, column: str) -> Shown:
    """Return one figure of a whole column, and none beside hidden values: it would tell them."""
    table, how = call.data, call.props["agg"]
    if table.kind(column) != "number":
        raise call.error(f"agg={how} needs numbers, but {column!r} holds {table.kind(column)}s")
    if any(table.mark(row, column) for row in range(len(table.rows))):
        return Shown("-", False)
    summary = call.context.js.call("openlsiFormats.summarise", table.values(column), "number")
    value = summary.get(AGGREGATES[how])
    # Without a format of its own the figure is written after itself, not after what it sums.
    whole = Table((column,), ("number",), ((value,),))
    text = call.context.js.format_column(whole, column, call.props["fmt"], with_units=False)[0]
    return Shown(text, False, value)


def _big_value(call: Call) -> Markup:
    empty = empty_message(call)
    if empty is not None:
        return empty
    props, js = call.props, call.context.js
    column = call.column(props["value"])
    comparison = None
    if props["comparison"]:
        other = call.column(props["comparison"])
        shown = shown_value(call, call.data, other, 0, props["comparisonFmt"])
        symbol, judgement = direction(
            shown.number, props["downIsGood"], props["neutralMin"], props["neutralMax"]
        )
        comparison = {
            "shown": shown,
            "title": props["comparisonTitle"] or js.title(other),
            "symbol": symbol if props["comparisonDelta"] and not shown.is_mark else "",
            "judgement": judgement if props["comparisonDelta"] else "neutral",
        }
    link = props["link"]
    line = None
    if props["sparkline"]:
        line = series_line(
            call,
            call.column(props["sparkline"]),
            column,
            tags=(props["sparklineDateFmt"], props["sparklineValueFmt"] or props["fmt"]),
            kind=props["sparklineType"],
            colour=own_colour(call, "sparklineColor"),
            is_scaled=props["sparklineYScale"],
            size=SPARKLINE_SIZE,
        )
    if link:
        call.context.link_places.setdefault(link, call.place)
    return render(
        "components/big_value.html.jinja",
        title=props["title"] or js.title(column),
        term=call.context.term(call.data, column),
        shown=shown_value(call, call.data, column, 0, props["fmt"]),
        comparison=comparison,
        link=link if link and is_safe(link) else None,
        description=props["description"],
        line=line,
    )


def _delta(call: Call) -> Markup:
    props = call.props
    if props["data"] is not None:
        empty = empty_message(call, is_inline=True)
        if empty is not None:
            return empty
        column = call.column(props["column"] or call.data.columns[0])
        shown = shown_value(call, call.data, column, int(props["row"]), props["fmt"])
    elif props["value"] is not None:
        shown = _given(call, props["value"])
    else:
        raise call.error("write data={…}, or value={…} for a number")
    symbol, judgement = direction(
        shown.number, props["downIsGood"], props["neutralMin"], props["neutralMax"]
    )
    return render(
        "components/delta.html.jinja",
        shown=shown,
        symbol=symbol if props["showSymbol"] and not shown.is_mark else "",
        judgement=judgement,
        show_value=props["showValue"],
        text=props["text"],
    )


def _given(call: Call, value: float) -> Shown:
    """Return a number that the page gives outright, as Evidence prints it without a column."""
    table = Table(("value",), ("number",), ((value,),))
    tag = call.props["fmt"]
    if tag:
        return Shown(call.context.js.format_column(table, "value", tag)[0], False, value)
    return Shown(str(call.context.js.call("openlsiFormats.plain", value)), False, value)


def _last_refreshed(call: Call) -> Markup:
    if not call.context.refreshed:
        # A file's time tells when it was copied, and the clock when it was read: neither is asked.
        call.context.warn(
            "<LastRefreshed> says nothing: the site has no date of its data; set refreshed_sql "
            "in site.yaml to a query that yields it",
            call.place,
        )
        return Markup("")
    tag = call.props["dateFmt"]
    text = call.context.js.call(
        "openlsiFormats.column", [call.context.refreshed], "date", "d", tag, None, False
    )[0]
    return render(
        "components/last_refreshed.html.jinja", prefix=call.props["prefix"], text=str(text)
    )


DELTA_PROPS = {
    "downIsGood": Prop("flag", False),
    "neutralMin": Prop("number", 0.0),
    "neutralMax": Prop("number", 0.0),
}

SPECS = (
    Spec(
        "Value",
        {
            "data": Prop("data"),
            "column": Prop("text"),
            "value": Prop("text"),
            "row": Prop("number", 0.0),
            "fmt": Prop("format"),
            "agg": Prop("choice", choices=tuple(AGGREGATES)),
            "color": Prop("text"),
            "redNegatives": Prop("flag", False),
            "placeholder": Prop("text"),
            "description": Prop("text"),
            **EMPTY_PROPS,
        },
        _value,
    ),
    Spec(
        "BigValue",
        {
            **DATA,
            "value": Prop("text", required=True),
            "title": Prop("text"),
            "fmt": Prop("format"),
            "comparison": Prop("text"),
            "comparisonTitle": Prop("text"),
            "comparisonFmt": Prop("format"),
            "comparisonDelta": Prop("flag", True),
            "link": Prop("text"),
            "description": Prop("text"),
            "sparkline": Prop("text"),
            "sparklineType": Prop("choice", "line", choices=KINDS),
            "sparklineValueFmt": Prop("format"),
            "sparklineDateFmt": Prop("format"),
            "sparklineColor": Prop("text"),
            "sparklineYScale": Prop("flag", False),
            "minWidth": Prop("ignored"),
            "maxWidth": Prop("ignored"),
            **DELTA_PROPS,
            **EMPTY_PROPS,
        },
        _big_value,
    ),
    Spec(
        "Delta",
        {
            "data": Prop("data"),
            "column": Prop("text"),
            "value": Prop("number"),
            "row": Prop("number", 0.0),
            "fmt": Prop("format"),
            "text": Prop("text"),
            "showValue": Prop("flag", True),
            "showSymbol": Prop("flag", True),
            "chip": Prop("ignored"),
            **DELTA_PROPS,
            **EMPTY_PROPS,
        },
        _delta,
    ),
    Spec(
        "LastRefreshed",
        {
            "prefix": Prop("text", "Last refreshed"),
            "dateFmt": Prop("format", "d mmmm yyyy"),
            "printShowDate": Prop("ignored"),
        },
        _last_refreshed,
    ),
)
