"""Totals and subtotals of a table, and never one that would give a hidden value away."""

from __future__ import annotations

from openlsi.report.components.columns import Head
from openlsi.report.components.props import Call
from openlsi.report.data import Table, Value

AGGREGATES = ("sum", "mean", "median", "min", "max", "count", "countDistinct", "weightedMean")


def total_of(call: Call, table: Table, head: Head, rows: list[int], tag: str | None) -> str:
    """Return one column's total over some rows as text; `-` where numbers have none to give.

    `tag` is the format that goes before the column's own. A totalAgg that is no aggregate is
    printed as it stands, as Evidence does.
    """
    how = head.props["totalAgg"] or "sum"
    if how not in AGGREGATES:
        return str(how)
    weight = head.props["weightCol"]
    used = [head.column, *([weight] if weight else [])]
    if any(table.mark(row, column) for row in rows for column in used):
        # A total beside hidden values would give them away.
        return "-"
    value = _aggregate(call, table, head, rows, how)
    if value is None:
        return "-" if head.kind == "number" else ""
    plain = "num0" if how in ("count", "countDistinct") else head.props["fmt"]
    return call.context.js.format_column(table, head.column, tag or plain, [value])[0]


def _aggregate(call: Call, table: Table, head: Head, rows: list[int], how: str) -> Value:
    column = table.values(head.column)
    values = [column[row] for row in rows]
    if how == "count":
        return len(rows)
    if how == "countDistinct":
        return len({value for value in values if value is not None})
    if how == "weightedMean":
        return _weighted_mean(values, table, head.props["weightCol"], rows)
    summary = call.context.js.call("openlsiFormats.summarise", values, head.kind)
    value: Value = summary.get(how)
    return value


def _weighted_mean(
    values: list[Value], table: Table, weight_column: str, rows: list[int]
) -> float | None:
    weights = table.values(weight_column)
    pairs = [
        (float(value), float(weight))
        for value, weight in zip(values, (weights[row] for row in rows), strict=True)
        if isinstance(value, int | float) and isinstance(weight, int | float)
    ]
    whole = sum(weight for _, weight in pairs)
    return sum(value * weight for value, weight in pairs) / whole if whole else None


def total_row(call: Call, table: Table, heads: list[Head], rows: list[int], word: str) -> list[str]:
    """Return the texts of a total row; its first column says `word` where it has no total."""
    is_whole = word == "Total"
    texts = [
        total_of(
            call,
            table,
            head,
            rows,
            head.props["totalFmt"]
            if is_whole
            else head.props["subtotalFmt"] or head.props["totalFmt"],
        )
        for head in heads
    ]
    if heads[0].kind != "number" and heads[0].props["totalAgg"] is None:
        texts[0] = word
    return texts
