"""DataTable with its Column children: every row is on the page, sorting and paging come on top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from openlsi.report.addresses import is_safe
from openlsi.report.components.figures import (
    DATA,
    EMPTY_PROPS,
    direction,
    empty_message,
    explained,
    marks_of,
)
from openlsi.report.components.props import Call, Prop, Spec, check_column
from openlsi.report.data import Table, Value
from openlsi.report.templating import render

TOTALS = ("sum", "mean", "median", "min", "max", "count", "countDistinct")


@dataclass(frozen=True)
class Cell:
    """One cell: its text, and what else its column's content type shows."""

    text: str
    is_mark: bool = False
    sort: str = ""
    link: str | None = None
    symbol: str = ""
    judgement: str = ""
    bar: tuple[float, float, str] | None = None


@dataclass(frozen=True)
class Head:
    """A column as the page asks for it."""

    column: str
    title: str
    align: str
    kind: str
    props: dict[str, Any]
    description: str | None = None


def _data_table(call: Call) -> Markup:
    empty = empty_message(call)
    if empty is not None:
        return empty
    table = _sorted(call)
    heads = _heads(call, table)
    links = _row_links(call, table)
    columns = [_cells(call, table, head) for head in heads]
    rows = [
        {"cells": list(cells), "link": link}
        for cells, link in zip(zip(*columns, strict=True), links, strict=True)
    ]
    total = [_total(call, table, head) for head in heads] if call.props["totalRow"] else None
    title = call.props["title"]
    identifier = call.context.identifier(title or f"table {table.name}")
    marks = marks_of(table, [head.column for head in heads])
    return render(
        "components/data_table.html.jinja",
        identifier=identifier,
        title=title,
        subtitle=call.props["subtitle"],
        heads=heads,
        rows=rows,
        total=total,
        page_rows=_page_rows(call, len(rows)),
        search=call.props["search"],
        sortable=call.props["sortable"],
        has_links=any(links),
        row_numbers=call.props["rowNumbers"],
        compact=call.props["compact"],
        marks=explained(call, marks),
        download=call.context.download(identifier, table) if call.props["downloadable"] else None,
    )


def _page_rows(call: Call, count: int) -> int:
    text = str(call.props["rows"])
    if text == "all":
        return count
    if not text.isdigit() or int(text) < 1:
        raise call.error(f"rows={text!r}: write a number or all")
    return int(text)


def _sorted(call: Call) -> Table:
    table = call.data
    if not call.props["sort"]:
        return table
    words = call.props["sort"].split()
    column = check_column(table, words[0], "<DataTable> sort=", call.place)
    if len(words) > 2 or (len(words) == 2 and words[1] not in ("asc", "desc")):
        raise call.error(f"sort={call.props['sort']!r}: write a column, then asc or desc")
    values = table.values(column)
    descending = words[-1] == "desc"
    order = sorted(range(len(values)), key=lambda i: _sort_key(values[i]), reverse=descending)
    return table.reordered(order)


def _sort_key(value: Value) -> tuple[int, float, str]:
    """Order as Evidence does: nothing first, then numbers, then text without regard to case."""
    if value is None:
        return (0, 0.0, "")
    return (1, float(value), "") if isinstance(value, int | float) else (2, 0.0, value.lower())


def _heads(call: Call, table: Table) -> list[Head]:
    members = list(call.members({COLUMN.name: COLUMN}))
    js = call.context.js
    heads: list[Head] = []
    for member in members:
        column = check_column(table, member.props["id"], "<Column> id=", member.place)
        heads.append(_head(column, table, member.props, member.props["title"] or js.title(column)))
    if heads:
        return heads
    plain = {name: prop.default for name, prop in COLUMN.props.items()}
    hidden = None if call.props["showLinkCol"] else call.props["link"]
    named = call.props["formatColumnTitles"]
    return [
        _head(column, table, plain, js.title(column) if named else column)
        for column in table.shown_columns()
        if column != hidden
    ]


def _head(column: str, table: Table, props: dict[str, Any], title: str) -> Head:
    kind = table.kind(column)
    align = props["align"] or ("right" if kind == "number" else "left")
    align = "center" if align == "centre" else align
    return Head(column, title, align, kind, props, props["description"])


def _row_links(call: Call, table: Table) -> list[str | None]:
    if not call.props["link"]:
        return [None] * len(table.rows)
    column = check_column(table, call.props["link"], "<DataTable> link=", call.place)
    links: list[str | None] = []
    for value in table.values(column):
        address = str(value) if value not in (None, "") else None
        if address:
            call.context.link_places.setdefault(address, call.place)
        links.append(address if address and is_safe(address) else None)
    return links


def _cells(call: Call, table: Table, head: Head) -> list[Cell]:
    values = table.values(head.column)
    texts = call.context.js.format_column(table, head.column, head.props["fmt"])
    cells: list[Cell] = []
    for row, (value, text) in enumerate(zip(values, texts, strict=True)):
        mark = call.context.note_mark(table.mark(row, head.column))
        if mark:
            cells.append(Cell(mark, is_mark=True))
            continue
        annotation = call.context.note_mark(table.annotation(row, head.column))
        shown = f"{text} {annotation}" if annotation else text
        cells.append(_cell(call, table, head, row, value, shown))
    return cells


def _cell(call: Call, table: Table, head: Head, row: int, value: Value, text: str) -> Cell:
    sort = "" if value is None else str(value)
    content = head.props["contentType"]
    if content == "link" and value not in (None, ""):
        return Cell(_link_label(call, table, head, row, text), sort=sort, link=_link(call, value))
    if content == "delta" and isinstance(value, int | float):
        symbol, judgement = direction(
            float(value),
            head.props["downIsGood"],
            head.props["neutralMin"],
            head.props["neutralMax"],
        )
        return Cell(text, sort=sort, symbol=symbol, judgement=judgement)
    if content == "bar" and isinstance(value, int | float):
        return Cell(text, sort=sort, bar=_bar(table, head, float(value)))
    return Cell(text, sort=sort)


def _link(call: Call, value: Value) -> str | None:
    address = str(value)
    call.context.link_places.setdefault(address, call.place)
    return address if is_safe(address) else None


def _link_label(call: Call, table: Table, head: Head, row: int, text: str) -> str:
    label = head.props["linkLabel"]
    if label is None:
        return text
    if label not in table.columns:
        return str(label)
    value = table.rows[row][table.columns.index(label)]
    return call.context.js.format_column(table, label, head.props["fmt"], [value])[0]


def _bar(table: Table, head: Head, value: float) -> tuple[float, float, str]:
    """Return (start, width, sign) of a cell's bar on a scale of 0 to 100."""
    numbers = [float(v) for v in table.values(head.column) if isinstance(v, int | float)]
    low, high = min(0.0, *numbers), max(0.0, *numbers)
    span = (high - low) or 1.0
    start = (min(value, 0.0) - low) / span * 100
    return round(start, 2), round(abs(value) / span * 100, 2), "minus" if value < 0 else "plus"


def _total(call: Call, table: Table, head: Head) -> str:
    how = head.props["totalAgg"] or "sum"
    if how not in TOTALS:
        return str(how)
    if any(table.mark(row, head.column) for row in range(len(table.rows))):
        # A total beside hidden values would give them away.
        return "-"
    summary = call.context.js.call("openlsiFormats.summarise", table.values(head.column), head.kind)
    present = [value for value in table.values(head.column) if value is not None]
    counts = {"count": len(table.rows), "countDistinct": len(set(present))}
    value = counts.get(how, summary.get(how))
    if value is None:
        return "-"
    tag = head.props["totalFmt"] or head.props["fmt"]
    return call.context.js.format_column(table, head.column, tag, [value])[0]


_ALIGN = Prop("choice", choices=("left", "right", "center", "centre"))

COLUMN = Spec(
    "Column",
    {
        "id": Prop("text", required=True),
        "title": Prop("text"),
        "fmt": Prop("format"),
        "align": _ALIGN,
        "description": Prop("text"),
        "contentType": Prop("choice", choices=("link", "bar", "delta")),
        "linkLabel": Prop("text"),
        "openInNewTab": Prop("ignored"),
        "downIsGood": Prop("flag", False),
        "neutralMin": Prop("number", 0.0),
        "neutralMax": Prop("number", 0.0),
        "totalAgg": Prop("text"),
        "totalFmt": Prop("format"),
        "wrap": Prop("ignored"),
        "wrapTitle": Prop("ignored"),
        "barColor": Prop("ignored"),
        "width": Prop("ignored"),
    },
    lambda call: Markup(""),
    parents=("DataTable",),
)

SPECS = (
    Spec(
        "DataTable",
        {
            **DATA,
            "rows": Prop("text", "10"),
            "search": Prop("flag", False),
            "sortable": Prop("flag", True),
            "sort": Prop("text"),
            "link": Prop("text"),
            "showLinkCol": Prop("flag", False),
            "totalRow": Prop("flag", False),
            "rowNumbers": Prop("flag", False),
            "compact": Prop("flag", False),
            "formatColumnTitles": Prop("flag", True),
            "title": Prop("text"),
            "subtitle": Prop("text"),
            "downloadable": Prop("flag", True),
            "rowShading": Prop("ignored"),
            "rowLines": Prop("ignored"),
            "wrapTitles": Prop("ignored"),
            **EMPTY_PROPS,
        },
        _data_table,
        children=frozenset({"Column"}),
    ),
    COLUMN,
)
