"""DataTable: every row is on the page; sorting, searching and paging come on top."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from openlsi.report.addresses import is_safe
from openlsi.report.components.cells import cells_of
from openlsi.report.components.columns import COLUMN, Head, head_groups, heads_of
from openlsi.report.components.figures import DATA, EMPTY_PROPS, empty_message, explained, marks_of
from openlsi.report.components.groups import groups_of
from openlsi.report.components.props import Call, Prop, Spec, check_column
from openlsi.report.components.totals import total_row
from openlsi.report.data import Table, Value
from openlsi.report.templating import render


def _data_table(call: Call) -> Markup:
    empty = empty_message(call)
    if empty is not None:
        return empty
    props = call.props
    table = _sorted(call)
    heads = heads_of(call, table)
    rows = _rows(call, table, heads)
    groups = groups_of(call, table, heads, rows)
    everything = list(range(len(table.rows)))
    title = props["title"]
    identifier = call.context.identifier(title or f"table {table.name}")
    return render(
        "components/data_table.html.jinja",
        identifier=identifier,
        title=title,
        subtitle=props["subtitle"],
        choice=call.context.choice,
        heads=heads,
        head_groups=head_groups(heads),
        groups=groups,
        group_type=props["groupType"] if props["groupBy"] else None,
        groups_open=props["groupsOpen"],
        total=total_row(call, table, heads, everything, "Total") if props["totalRow"] else None,
        # The rows of a group belong together: a grouped table folds instead of turning pages.
        page_rows=len(rows) if props["groupBy"] else _page_rows(call, len(rows)),
        row_count=len(rows),
        search=props["search"],
        sortable=props["sortable"],
        sorted_by=_sorted_by(call),
        row_numbers=props["rowNumbers"],
        classes=_classes(call),
        marks=explained(call, marks_of(table, [head.column for head in heads])),
        download=_download(call, identifier, table, heads) if props["downloadable"] else None,
    )


def _rows(call: Call, table: Table, heads: list[Head]) -> list[dict[str, Any]]:
    links = _row_links(call, table)
    columns = [cells_of(call, table, head) for head in heads]
    return [
        {"cells": list(cells), "link": link, "number": number}
        for number, (cells, link) in enumerate(
            zip(zip(*columns, strict=True), links, strict=True), start=1
        )
    ]


def _download(call: Call, identifier: str, table: Table, heads: list[Head]) -> str:
    titles = {head.column: head.title for head in heads}
    notes = {head.title: head.description for head in heads if head.description}
    tags = {head.column: head.props["fmt"] for head in heads}
    return call.context.download(identifier, table, titles, notes, call.props["subtitle"], tags)


def _classes(call: Call) -> str:
    names = ["data"]
    if call.props["compact"]:
        names.append("data-compact")
    if call.props["wrapTitles"]:
        names.append("data-wrap-titles")
    if call.props["rowShading"]:
        names.append("data-shaded")
    return " ".join(names)


def _page_rows(call: Call, count: int) -> int:
    text = str(call.props["rows"])
    if text == "all":
        return count
    if not text.isdigit() or int(text) < 1:
        raise call.error(f"rows={text!r}: write a number or all")
    return int(text)


def _sorted_by(call: Call) -> tuple[str, str] | None:
    """Return (column, ascending or descending) of a table that comes sorted."""
    if not call.props["sort"]:
        return None
    words = call.props["sort"].split()
    return words[0], "descending" if words[-1] == "desc" else "ascending"


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
            "wrapTitles": Prop("flag", False),
            "rowShading": Prop("flag", False),
            "groupBy": Prop("text"),
            "groupType": Prop("choice", "accordion", choices=("accordion", "section")),
            "groupsOpen": Prop("flag", True),
            "subtotals": Prop("flag", False),
            "formatColumnTitles": Prop("flag", True),
            "title": Prop("text"),
            "subtitle": Prop("text"),
            "downloadable": Prop("flag", True),
            **{
                name: Prop("ignored")
                for name in (
                    "rowLines",
                    "headerColor",
                    "headerFontColor",
                    "totalRowColor",
                    "totalFontColor",
                    "subtotalRowColor",
                    "subtotalFontColor",
                    "accordionRowColor",
                    "groupNamePosition",
                    "backgroundColor",
                    "isFullPage",
                    "generateMarkdown",
                    "queryID",
                )
            },
            **EMPTY_PROPS,
        },
        _data_table,
        children=frozenset({"Column"}),
    ),
    COLUMN,
)
