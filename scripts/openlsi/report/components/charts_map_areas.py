"""The areas of a map as the page asks for them: boundaries, colours, legend, what each says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from openlsi.report.addresses import is_external, is_safe
from openlsi.report.charts import palette
from openlsi.report.charts.area_map import Patch
from openlsi.report.charts.binning import class_of, ramp_of
from openlsi.report.charts.boundaries import Boundaries, BoundaryError, read_boundaries
from openlsi.report.components.charts_colours import known_colour
from openlsi.report.components.charts_columns import names_of
from openlsi.report.components.charts_frame import NUMBERS, Key, head_of, texts_of
from openlsi.report.components.charts_heat import edges_for, scale_keys
from openlsi.report.components.props import Call
from openlsi.report.data import Table
from openlsi.report.errors import nearest


@dataclass(frozen=True)
class AreaLayer:
    """One set of areas with what it shows: patches, legend and the row of each area."""

    call: Call
    boundaries: Boundaries
    patches: list[Patch]
    legend: list[Key]
    rows: dict[str, int]


def area_layer(call: Call) -> AreaLayer:
    props, table = call.props, call.data
    boundaries = _boundaries(call)
    column = call.column(props["areaCol"])
    rows = _rows(call, column, boundaries)
    value = call.column(props["value"]) if props["value"] else None
    if value is None:
        outlines = [Patch(area, None) for area in boundaries.areas if area.code in rows]
        return AreaLayer(call, boundaries, outlines, [], rows)
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
    links = area_links(call)
    patches = [
        Patch(
            area,
            colours.get(area.code, (palette.GAP, palette.MUTED))[0],
            says[area.code],
            links[rows[area.code]] if area.code in rows else None,
            area.code in rows and table.mark(rows[area.code], value) is not None,
            colours.get(area.code, (palette.GAP, palette.MUTED))[1],
        )
        for area in boundaries.areas
    ]
    return AreaLayer(call, boundaries, patches, legend, rows)


def is_elsewhere(call: Call) -> bool:
    """Return whether no area of the data has an outline, as where another county's are drawn."""
    known = {area.code for area in _boundaries(call).areas}
    return known.isdisjoint(map(str, call.data.values(call.column(call.props["areaCol"]))))


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
    return [*keys, Key("No figure", "cw", "edge")] if bare else keys


def _says(call: Call, value: str, rows: dict[str, int], boundaries: Boundaries) -> dict[str, str]:
    """Return what each area says when it is pointed at: the page's tooltip, or name and value."""
    lines = tooltip_lines(call) or [(value, call.props["valueFmt"], True)]
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


def tooltip_lines(call: Call) -> list[tuple[str, str | None, bool]]:
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


def area_links(call: Call) -> list[str | None]:
    if not call.props["link"]:
        return [None] * len(call.data.rows)
    links: list[str | None] = []
    for value in call.data.values(call.column(call.props["link"])):
        address = str(value) if value not in (None, "") else None
        if address:
            call.context.link_places.setdefault(address, call.place)
        links.append(address if address and is_safe(address) else None)
    return links
