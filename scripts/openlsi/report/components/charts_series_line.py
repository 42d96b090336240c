"""A column as a sparkline, in the order of another; single figures and tables may call it too."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from openlsi.report.charts import palette
from openlsi.report.charts.sparkline import sparkline
from openlsi.report.components.props import Call


def series_line(
    call: Call,
    dates: str,
    values: str,
    *,
    tags: tuple[str | None, str | None],
    kind: str,
    colour: str | None,
    is_scaled: bool,
    size: tuple[int, int],
) -> Markup:
    """Return the sparkline of a column in the order of another; hidden values leave gaps."""
    table = call.data
    days, numbers = table.values(dates), table.values(values)
    order = sorted(range(len(days)), key=lambda row: _sortable(days[row]))
    points = [
        float(number)
        if isinstance(number := numbers[row], int | float) and table.mark(row, values) is None
        else None
        for row in order
    ]
    for row in order:
        call.context.note_mark(table.mark(row, values))
    return sparkline(
        points,
        kind,
        label=_words(call, dates, values, tags, [(days[row], numbers[row]) for row in order]),
        colour=colour or palette.CATEGORICAL[0],
        is_scaled=is_scaled,
        width=size[0],
        height=size[1],
    )


def _sortable(value: Any) -> tuple[int, float, str]:
    if value is None:
        return (0, 0.0, "")
    return (1, float(value), "") if isinstance(value, int | float) else (2, 0.0, str(value))


def _words(
    call: Call,
    dates: str,
    values: str,
    tags: tuple[str | None, str | None],
    rows: list[tuple[Any, Any]],
) -> str:
    """Return what a sparkline shows in a sentence: its first and last known value."""
    known = [(day, number) for day, number in rows if isinstance(number, int | float)]
    title = call.context.js.title(values)
    if not known:
        return f"{title}: no values"
    ends = [known[0], known[-1]]
    shown = call.context.js.format_column
    days = shown(call.data, dates, tags[0], [day for day, _ in ends], with_units=False)
    numbers = shown(call.data, values, tags[1], [number for _, number in ends], with_units=False)
    return f"{title}: {numbers[0]} ({days[0]}) to {numbers[1]} ({days[1]})"
