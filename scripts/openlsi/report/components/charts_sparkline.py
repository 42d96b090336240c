"""Sparkline: a word-sized chart that stands in a sentence or under a single figure."""

from __future__ import annotations

from markupsafe import Markup

from openlsi.report.charts.sparkline import KINDS
from openlsi.report.components.charts_colours import own_colour
from openlsi.report.components.charts_frame import number_column
from openlsi.report.components.charts_series_line import series_line
from openlsi.report.components.figures import DATA, EMPTY_PROPS, empty_message
from openlsi.report.components.props import Call, Prop, Spec


def _sparkline(call: Call) -> Markup:
    empty = empty_message(call, is_inline=True)
    if empty is not None:
        return empty
    props = call.props
    value = number_column(call, "valueCol")
    assert value is not None
    return series_line(
        call,
        call.column(props["dateCol"]),
        value,
        tags=(props["dateFmt"], props["valueFmt"]),
        kind=props["type"],
        colour=own_colour(call, "color"),
        is_scaled=props["yScale"],
        size=(int(props["width"]), int(props["height"])),
    )


SPECS = (
    Spec(
        "Sparkline",
        {
            **DATA,
            "dateCol": Prop("text", required=True),
            "valueCol": Prop("text", required=True),
            "valueFmt": Prop("format"),
            "dateFmt": Prop("format"),
            "type": Prop("choice", "line", choices=KINDS),
            "color": Prop("text"),
            "yScale": Prop("flag", False),
            "width": Prop("number", 50.0),
            "height": Prop("number", 15.0),
            "interactive": Prop("ignored"),
            "connectGroup": Prop("ignored"),
            **EMPTY_PROPS,
        },
        _sparkline,
    ),
)
