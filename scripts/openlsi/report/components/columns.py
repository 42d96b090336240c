"""The columns of a DataTable: what may be said of one, and what a page asks of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from openlsi.report.components.props import Call, Prop, Spec, check_column
from openlsi.report.data import Table
from openlsi.report.glossary import Term

CONTENT_TYPES = (
    "link",
    "image",
    "html",
    "delta",
    "colorscale",
    "bar",
    "sparkline",
    "sparkarea",
    "sparkbar",
)
# Props that choose colours or pixels: the palette is the site's, so that text stays readable.
_LOOKS = (
    "openInNewTab",
    "scaleColor",
    "chip",
    "barColor",
    "negativeBarColor",
    "backgroundColor",
    "colorPalette",
    "sparkColor",
    "sparkWidth",
    "sparkHeight",
    "sparkYScale",
    "width",
    "height",
)

COLUMN = Spec(
    "Column",
    {
        "id": Prop("text", required=True),
        "title": Prop("text"),
        "fmt": Prop("format"),
        "fmtColumn": Prop("text"),
        "align": Prop("choice", choices=("left", "right", "center", "centre")),
        "description": Prop("text"),
        "colGroup": Prop("text"),
        "wrap": Prop("flag", False),
        "wrapTitle": Prop("flag", False),
        "redNegatives": Prop("flag", False),
        "contentType": Prop("choice", choices=CONTENT_TYPES),
        "linkLabel": Prop("text"),
        "alt": Prop("text"),
        "downIsGood": Prop("flag", False),
        "neutralMin": Prop("number", 0.0),
        "neutralMax": Prop("number", 0.0),
        "showValue": Prop("flag", True),
        "deltaSymbol": Prop("flag", True),
        "colorScale": Prop("columns"),
        "colorMin": Prop("number"),
        "colorMid": Prop("number"),
        "colorMax": Prop("number"),
        "colorBreakpoints": Prop("columns"),
        "scaleColumn": Prop("text"),
        "hideLabels": Prop("flag", False),
        "sparkX": Prop("text"),
        "sparkY": Prop("text"),
        "totalAgg": Prop("text"),
        "totalFmt": Prop("format"),
        "subtotalFmt": Prop("format"),
        "weightCol": Prop("text"),
        **{name: Prop("ignored") for name in _LOOKS},
    },
    lambda call: Markup(""),
    parents=("DataTable",),
)


@dataclass(frozen=True)
class Head:
    """A column as the page asks for it."""

    column: str
    title: str
    align: str
    kind: str
    props: dict[str, Any]
    term: Term | None = None

    @property
    def description(self) -> str | None:
        """Return what the page says of the column under its title."""
        text: str | None = self.props["description"]
        return text

    @property
    def classes(self) -> str:
        """Return the classes that every cell of the column has."""
        names = [f"align-{self.align}"]
        if self.kind == "date":
            names.append("cell-date")
        if self.props["wrap"]:
            names.append("cell-wrap")
        return " ".join(names)


@dataclass(frozen=True)
class HeadGroup:
    """Neighbouring columns under one title; a group without a title is left blank."""

    title: str
    span: int


def heads_of(call: Call, table: Table) -> list[Head]:
    """Return the columns that a table shows: those that are named, else all but marks and link."""
    js = call.context.js
    members = list(call.members({COLUMN.name: COLUMN}))
    if members:
        return [_named(member, table) for member in members]
    plain = {name: prop.default for name, prop in COLUMN.props.items()}
    hidden = {None if call.props["showLinkCol"] else call.props["link"], call.props["groupBy"]}
    titled = call.props["formatColumnTitles"]
    return [
        _head(call, column, table, plain, js.title(column) if titled else column)
        for column in table.shown_columns()
        if column not in hidden
    ]


def _named(member: Call, table: Table) -> Head:
    props = member.props
    column = check_column(table, props["id"], "<Column> id=", member.place)
    for name in ("fmtColumn", "scaleColumn", "weightCol"):
        if props[name] is not None:
            check_column(table, props[name], f"<Column> {name}=", member.place)
    if props["totalAgg"] == "weightedMean" and props["weightCol"] is None:
        raise member.error("totalAgg=weightedMean needs weightCol=…")
    title = props["title"] or member.context.js.title(column)
    return _head(member, column, table, props, title)


def _head(call: Call, column: str, table: Table, props: dict[str, Any], title: str) -> Head:
    kind = table.kind(column)
    align = props["align"] or ("right" if kind == "number" else "left")
    term = call.context.term(table, column)
    return Head(column, title, "center" if align == "centre" else align, kind, props, term)


def head_groups(heads: list[Head]) -> list[HeadGroup]:
    """Return the row of titles above the titles, or nothing where no column has one."""
    groups: list[HeadGroup] = []
    for head in heads:
        title = head.props["colGroup"] or ""
        if groups and groups[-1].title == title:
            groups[-1] = HeadGroup(title, groups[-1].span + 1)
        else:
            groups.append(HeadGroup(title, 1))
    return groups if any(group.title for group in groups) else []
