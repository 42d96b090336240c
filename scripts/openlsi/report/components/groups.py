"""The rows of a table in groups, each with what stands in its head and at its foot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openlsi.report.components.columns import Head
from openlsi.report.components.props import Call, check_column
from openlsi.report.components.totals import total_row
from openlsi.report.data import Table


@dataclass(frozen=True)
class Group:
    """Rows that share a value; a table that is not grouped is one group without a name."""

    name: str | None
    rows: list[dict[str, Any]]
    subtotal: list[str] | None = None


def groups_of(
    call: Call, table: Table, heads: list[Head], rows: list[dict[str, Any]]
) -> list[Group]:
    """Return the rows in groups, in the order in which the groups first occur."""
    column = call.props["groupBy"]
    if column is None:
        if call.props["subtotals"]:
            raise call.error("subtotals=true needs groupBy=…")
        return [Group(None, rows)]
    check_column(table, column, "<DataTable> groupBy=", call.place)
    names = call.context.js.format_column(table, column, None)
    members: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        shown = call.context.note_mark(table.mark(row, column)) or name
        members.setdefault(shown, []).append(row)
    return [
        Group(
            name,
            [rows[row] for row in found],
            total_row(call, table, heads, found, "Subtotal") if call.props["subtotals"] else None,
        )
        for name, found in members.items()
    ]
