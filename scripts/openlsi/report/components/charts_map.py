"""AreaMap, and BaseMap with Areas inside: values on a map from a file of the site's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from openlsi.report.addresses import is_external, is_safe
from openlsi.report.charts import palette
from openlsi.report.charts.area_map import MOST_LABELS, Patch, area_map
from openlsi.report.charts.binning import class_of, ramp_of
from openlsi.report.charts.boundaries import Boundaries, BoundaryError, read_boundaries
from openlsi.report.components.charts_colours import known_colour
from openlsi.report.components.charts_columns import names_of
from openlsi.report.components.charts_frame import (
    FRAME_PROPS,
    NUMBERS,
    WIDTHS,
    Column,
    Key,
    Shown,
    figure,
    head_of,
    range_words,
    texts_of,
)
from openlsi.report.components.charts_heat import edges_for, scale_keys
from openlsi.report.components.figures import DATA, EMPTY_PROPS, empty_message
from openlsi.report.components.props import Call, Prop, Spec
from openlsi.report.data import Table
from openlsi.report.errors import nearest

HEIGHT = 520
ONE_WIDTH = (WIDTHS[0],)


@dataclass(frozen=True)
class _Layer:
    """One set of areas with what it shows: patches, legend and the row of each area."""

    call: Call
    boundaries: Boundaries
    patches: list[Patch]
    legend: list[Key]
    rows: dict[str, int]


def _area_map(call: Call) -> Markup:
    empty = empty_message(call)
    if empty is not None:
        return empty
    return _figure(call, [_layer(call)])


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
    layers = [_layer(member) for member in members]
    return _figure(call, layers)


def _figure(call: Call, layers: list[_Layer]) -> Markup:
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


def _layer(call: Call) -> _Layer:
    props, table = call.props, call.data
    boundaries = _boundaries(call)
    column = call.column(props["areaCol"])
    rows = _rows(call, column, boundaries)
    value = call.column(props["value"]) if props["value"] else None
    if value is None:
        outlines = [Patch(area, None) for area in boundaries.areas if area.code in rows]
        return _Layer(call, boundaries, outlines, [], rows)
    kind = props["legendType"] or ("scalar" if table.kind(value) == NUMBERS else "categorical")
    if kind == "scalar" and table.kind(value) != NUMBERS:
        raise call.error(
            f"value={value!r} holds {table.kind(value)}s; legendType=scalar needs numbers"
        )
    colours, legend = (
        _scaled(call, value, rows, boundaries)
        if kind == "scalar"
        else _categorical(call, value, rows, boundaries)
    )
    says = _says(call, value, rows, boundaries)
    links = _links(call)
    patches = [
        Patch(
            area,
            colours.get(area.code, (palette.NONE, palette.MUTED))[0],
            says[area.code],
            links[rows[area.code]] if area.code in rows else None,
            area.code in rows and table.mark(rows[area.code], value) is not None,
            colours.get(area.code, (palette.NONE, palette.MUTED))[1],
        )
        for area in boundaries.areas
    ]
    return _Layer(call, boundaries, patches, legend, rows)


def _boundaries(call: Call) -> Boundaries:
    """Return the areas of the page's own file: nothing is fetched from elsewhere."""
    url = str(call.props["geoJsonUrl"])
    if is_external(url):
        raise call.error(
            f"geoJsonUrl={url!r}: a page fetches nothing from elsewhere; put the file into "
            "static/ and write its name after a slash"
        )
    static = call.context.static
    root = (static or Path("static")).resolve()
    path = (root / url.lstrip("/")).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        known = ["/" + found.relative_to(root).as_posix() for found in sorted(root.rglob("*json"))]
        raise call.error(f"there is no static{'/' + url.lstrip('/')}{nearest(url, known)}")
    try:
        return read_boundaries(path, str(call.props["geoId"]))
    except BoundaryError as error:
        raise call.error(f"static/{url.lstrip('/')} {error}") from error


def _rows(call: Call, column: str, boundaries: Boundaries) -> dict[str, int]:
    """Return the row of each area; refuse a code that no area has, or that stands twice."""
    codes = {area.code for area in boundaries.areas}
    rows: dict[str, int] = {}
    for row, value in enumerate(call.data.values(column)):
        code = "" if value is None else str(value)
        if code not in codes:
            raise call.error(
                f"areaCol={column!r} has {code!r}, which is no {call.props['geoId']} of "
                f"{call.props['geoJsonUrl']}{nearest(code, codes)}; leave it out in the query"
            )
        if code in rows:
            raise call.error(f"areaCol={column!r} has {code!r} twice; sum or select in the query")
        rows[code] = row
    return rows


Coloured = dict[str, tuple[str, str]]


def _scaled(
    call: Call, value: str, rows: dict[str, int], boundaries: Boundaries
) -> tuple[Coloured, list[Key]]:
    """Return (colour, colour of text) by area in five steps, with the legend of the steps."""
    numbers = {
        code: float(number)
        for code, row in rows.items()
        if isinstance(number := call.data.values(value)[row], int | float)
        and call.data.mark(row, value) is None
    }
    edges = edges_for(call, list(numbers.values()))
    found: Coloured = {}
    for code, number in numbers.items():
        step = ramp_of(class_of(number, edges), len(edges) - 1)
        found[code] = (palette.RAMP[step], palette.ON_RAMP[step])
    keys = scale_keys(call, value, call.props["valueFmt"], edges, False) if numbers else []
    return found, [*keys, *_absent(call, value, rows, boundaries)]


def _categorical(
    call: Call, value: str, rows: dict[str, int], boundaries: Boundaries
) -> tuple[Coloured, list[Key]]:
    table = call.data
    values = table.values(value)
    texts = texts_of(call, value, call.props["valueFmt"], values)
    names = {
        code: texts[row]
        for code, row in rows.items()
        if values[row] is not None and table.mark(row, value) is None
    }
    kinds = list(
        dict.fromkeys(
            texts[row] for row in sorted(rows.values()) if texts[row] in set(names.values())
        )
    )
    given = call.props["colorPalette"]
    colours = [known_colour(call, c) for c in names_of(given)] or list(palette.CATEGORICAL)
    if len(kinds) > len(colours):
        raise call.error(
            f"{len(kinds)} categories are more than the {len(colours)} colours that can be told "
            "apart; group them in the query"
        )
    chosen = dict(zip(kinds, colours, strict=False))
    found = {code: (chosen[name], palette.text_on(chosen[name])) for code, name in names.items()}
    keys = [Key(name, palette.class_of(colour) or "s1", "edge") for name, colour in chosen.items()]
    return found, [*keys, *_absent(call, value, rows, boundaries)]


def _absent(call: Call, value: str, rows: dict[str, int], boundaries: Boundaries) -> list[Key]:
    """Return the legend of areas without a figure: those that are hidden, and those not held."""
    table = call.data
    marks = {table.mark(row, value) for row in rows.values()} - {None}
    bare = any(
        area.code not in rows
        or (
            table.values(value)[rows[area.code]] is None
            and table.mark(rows[area.code], value) is None
        )
        for area in boundaries.areas
    )
    keys = [Key(f"{mark} not shown", "ca", "hatch") for mark in sorted(map(str, marks))]
    return [*keys, Key("No figure", "cn", "edge")] if bare else keys


def _says(call: Call, value: str, rows: dict[str, int], boundaries: Boundaries) -> dict[str, str]:
    """Return what each area says when it is pointed at: the page's tooltip, or name and value."""
    lines = _tooltip(call) or [(value, call.props["valueFmt"], True)]
    table = call.data
    shown: dict[str, list[str]] = {area.code: [] for area in boundaries.areas}
    for column, tag, is_named in lines:
        texts = texts_of(call, column, tag, table.values(column))
        for code, row in rows.items():
            text = table.mark(row, column) or texts[row]
            shown[code].append(f"{head_of(call, column)}: {text}" if is_named else text)
    return {
        area.code: "\n".join(
            [area.name] * (not shown[area.code] or shown[area.code][0] != area.name)
            + (shown[area.code] or ["no figure"])
        )
        for area in boundaries.areas
    }


def _tooltip(call: Call) -> list[tuple[str, str | None, bool]]:
    """Return (column, format, whether its title is written) of the lines of a tooltip."""
    given = call.props["tooltip"]
    if given is None:
        return []
    if not isinstance(given, Table) or "id" not in given.columns:
        raise call.error("tooltip should be {[{id: 'column', fmt: 'num0'}, …]}")
    known = {"id", "fmt", "title", "showColumnName", "contentType", "valueClass", "fieldClass"}
    for name in given.columns:
        if name not in known:
            raise call.error(f"tooltip has no {name!r}{nearest(name, known)}")
    lines: list[tuple[str, str | None, bool]] = []
    for row in given.rows:
        line = dict(zip(given.columns, row, strict=True))
        shown = line.get("showColumnName")
        tag = line.get("fmt")
        lines.append((call.column(str(line["id"])), str(tag) if tag else None, shown is not False))
    return lines


def _links(call: Call) -> list[str | None]:
    if not call.props["link"]:
        return [None] * len(call.data.rows)
    links: list[str | None] = []
    for value in call.data.values(call.column(call.props["link"])):
        address = str(value) if value not in (None, "") else None
        if address:
            call.context.link_places.setdefault(address, call.place)
        links.append(address if address and is_safe(address) else None)
    return links


def _columns(layer: _Layer) -> Sequence[Column]:
    """Return the table's columns: each area by name, what its tooltip has, and its value."""
    call = layer.call
    names = {area.code: area.name for area in layer.boundaries.areas}
    codes = [str(value) for value in call.data.values(call.props["areaCol"])]
    links = _links(call)
    area = Column(call.props["areaCol"], "Area", None, links, [names[code] for code in codes])
    lines = _tooltip(call)
    value = call.props["value"]
    repeats = {
        column
        for column, _, _ in lines
        if [str(v) for v in call.data.values(column)] == [names[code] for code in codes]
    }
    more = [Column(c, None, tag) for c, tag, _ in lines if c != value and c not in repeats]
    return [area, *more, *([Column(value, None, call.props["valueFmt"])] if value else [])]


def _summary(layer: _Layer) -> str:
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
