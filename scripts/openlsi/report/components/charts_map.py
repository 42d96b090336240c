"""AreaMap, and BaseMap with Areas inside: values on a map from a file of the site's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from openlsi.report.charts.area_map import MOST_LABELS, area_map
from openlsi.report.components.charts_columns import names_of
from openlsi.report.components.charts_frame import (
    FRAME_PROPS,
    NUMBERS,
    WIDTHS,
    Column,
    Shown,
    figure,
    head_of,
    range_words,
)
from openlsi.report.components.charts_map_areas import (
    AreaLayer,
    area_layer,
    area_links,
    is_elsewhere,
    tooltip_lines,
)
from openlsi.report.components.figures import DATA, EMPTY_PROPS, empty_message, nothing_said
from openlsi.report.components.props import Call, Prop, Spec

HEIGHT = 520
ONE_WIDTH = (WIDTHS[0],)


def _area_map(call: Call) -> Markup:
    empty = empty_message(call)
    if empty is None and call.props["emptySet"] != "error" and is_elsewhere(call):
        empty = nothing_said(call)
    return _figure(call, [area_layer(call)]) if empty is None else empty


def _base_map(call: Call) -> Markup:
    members = list(call.members({AREAS.name: AREAS}))
    if not members:
        raise call.error("needs <Areas … /> inside")
    valued = [member for member in members if member.props["value"]]
    if len(valued) > 1:
        raise valued[1].error(
            "one <Areas> of a map may show values; the others, without value=…, are outlines"
        )
    for member in members:
        empty = empty_message(member)
        if empty is not None:
            return empty
    layers = [area_layer(member) for member in members]
    return _figure(call, layers)


def _figure(call: Call, layers: list[AreaLayer]) -> Markup:
    main = next((layer for layer in layers if layer.call.props["value"]), layers[0])
    patches = [patch for layer in layers for patch in layer.patches]
    props = {**main.call.props, **{k: v for k, v in call.props.items() if k in FRAME_PROPS}}
    framed = Call(main.call.spec, call.component, call.scope, call.renderer, props)
    height = round(call.props["height"] or HEIGHT)
    given = call.props["attribution"] or next(
        (layer.boundaries.attribution for layer in layers if layer.boundaries.attribution), ""
    )
    few = len([patch for patch in patches if patch.colour or patch.is_hidden]) <= MOST_LABELS
    title = call.props["legendTitle"]
    return figure(
        framed,
        Shown(
            kind="map",
            paint=lambda width: area_map(patches, width, height),
            summary=_summary(main),
            columns=_columns(main),
            marked=names_of(main.call.props["value"]),
            legend=main.legend if call.props["legend"] else [],
            axis_title="" if title in (None, "Legend") else str(title),
            notes=[given] if given else [],
            is_group=any(patch.link for patch in patches),
            widths=WIDTHS if few else ONE_WIDTH,
        ),
    )


def _columns(layer: AreaLayer) -> Sequence[Column]:
    """Return the table's columns: each area by name, what its tooltip has, and its value."""
    call = layer.call
    names = {area.code: area.name for area in layer.boundaries.areas}
    codes = [str(value) for value in call.data.values(call.props["areaCol"])]
    links = area_links(call)
    area = Column(call.props["areaCol"], "Area", None, links, [names[code] for code in codes])
    lines = tooltip_lines(call)
    value = call.props["value"]
    repeats = {
        column
        for column, _, _ in lines
        if [str(v) for v in call.data.values(column)] == [names[code] for code in codes]
    }
    more = [Column(c, None, tag) for c, tag, _ in lines if c != value and c not in repeats]
    return [area, *more, *([Column(value, None, call.props["valueFmt"])] if value else [])]


def _summary(layer: AreaLayer) -> str:
    call, value = layer.call, layer.call.props["value"]
    names = {area.code: area.name for area in layer.boundaries.areas}
    codes = [str(code) for code in call.data.values(call.props["areaCol"])]
    count = f"Map of {len(layer.boundaries.areas)} areas"
    if value is None:
        return f"{count}, outlines only."
    title = head_of(call, value)
    if call.data.kind(value) != NUMBERS:
        return f"{count} by {title}: " + ", ".join(key.name for key in layer.legend) + "."
    words = range_words(call, value, call.props["valueFmt"], [names[code] for code in codes])
    return f"{count}, {title}: {words}"


_LOOKS = (
    "name",
    "color",
    "opacity",
    "borderWidth",
    "borderColor",
    "selectedColor",
    "selectedOpacity",
    "selectedBorderWidth",
    "selectedBorderColor",
    "showTooltip",
    "tooltipType",
    "ignoreZoom",
)
_VIEW = ("basemap", "startingLat", "startingLong", "startingZoom", "legendPosition")

_AREAS: dict[str, Any] = {
    **DATA,
    **EMPTY_PROPS,
    "geoJsonUrl": Prop("text", required=True),
    "geoId": Prop("text", required=True),
    "areaCol": Prop("text", required=True),
    "value": Prop("text"),
    "valueFmt": Prop("format"),
    "min": Prop("number"),
    "max": Prop("number"),
    "link": Prop("text"),
    "tooltip": Prop("value"),
    "legendType": Prop("choice", choices=("categorical", "scalar")),
    "colorPalette": Prop("columns"),
    **dict.fromkeys(_LOOKS, Prop("ignored")),
}
_MAP: dict[str, Any] = {
    **FRAME_PROPS,
    "height": Prop("number"),
    "attribution": Prop("text"),
    "legend": Prop("flag", True),
    "legendTitle": Prop("text"),
    **dict.fromkeys(_VIEW, Prop("ignored")),
}

AREAS = Spec("Areas", _AREAS, lambda call: Markup(""), parents=("BaseMap",))

SPECS = (
    Spec("AreaMap", {**_AREAS, **_MAP}, _area_map),
    Spec("BaseMap", _MAP, _base_map, children=frozenset({"Areas"})),
    AREAS,
)
