"""ECharts: a drawing whose whole option the page writes, with the figures of it in a table."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from openlsi.report.charts.option import base_option
from openlsi.report.charts.svg import Drawing
from openlsi.report.components.charts_frame import FRAME_PROPS, Column, Shown, figure
from openlsi.report.components.charts_options import checked
from openlsi.report.components.figures import empty_message
from openlsi.report.components.props import Call, Prop, Spec
from openlsi.report.data import Table
from openlsi.report.rendering import table_of_rows

HEIGHT = 291.0


def _echarts(call: Call) -> Markup:
    config = call.props["config"]
    checked(call, config)
    series = config.get("series")
    members = series if isinstance(series, list) else [series]
    if not all(isinstance(one, dict) and one.get("type") for one in members):
        raise call.error("config needs series, each with a type")
    if call.props["data"] is None:
        call.props["data"] = _told_by(call, config, members)
    empty = empty_message(call)
    if empty is not None:
        return empty
    columns = [Column(name) for name in call.data.shown_columns()]
    kinds = ", ".join(dict.fromkeys(str(one["type"]) for one in members))

    def paint(width: int) -> Drawing:
        option = base_option() | config | {"animation": False}
        return call.context.draw(option, width, round(call.props["height"]), call.place)

    return figure(
        call,
        Shown(
            kind="bar",
            paint=paint,
            summary=f"Drawing of {kinds}; its {len(call.data.rows)} rows are in the table below.",
            columns=columns,
            marked=[column.name for column in columns],
        ),
    )


def _told_by(call: Call, config: dict[str, Any], members: list[dict[str, Any]]) -> Table:
    """Return the figures that a config holds itself, a row a place and a column a series."""
    axes = [config.get("xAxis"), config.get("yAxis")]
    axis = next((axis for axis in axes if isinstance(axis, dict) and axis.get("data")), {})
    places = [_name(place) for place in axis.get("data") or []]
    rows: dict[str, dict[str, Any]] = {place: {"name": place} for place in places}
    for number, one in enumerate(members):
        for at, item in enumerate(one.get("data") or []):
            named = item if isinstance(item, dict) else {"value": item}
            place = str(named.get("name") or (places[at] if at < len(places) else at + 1))
            value = named.get("value")
            if not isinstance(value, int | float | None):
                raise call.error("the table cannot be told from config: give data={query} too")
            head = str(one.get("name") or ("value" if number == 0 else f"value {number + 1}"))
            rows.setdefault(place, {"name": place})[head] = value
    if not rows:
        raise call.error("config holds no data of its own: give data={query}, which is its table")
    return table_of_rows(list(rows.values()), "config")


def _name(place: Any) -> str:
    return str(place.get("value") if isinstance(place, dict) else place)


SPECS = (
    Spec(
        "ECharts",
        {
            **FRAME_PROPS,
            "data": Prop("data"),
            "config": Prop("object", required=True),
            "height": Prop("number", HEIGHT),
            "width": Prop("ignored"),
        },
        _echarts,
    ),
)
