"""The data of a chart in the order and the series that Evidence would draw."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from openlsi.report.data import Table, Value

Point = tuple[Value, float | None]


@dataclass(frozen=True)
class Series:
    """A line or a set of bars; a hidden or missing value is None, a gap."""

    name: str
    points: tuple[Point, ...]
    rows: tuple[int, ...] = ()
    """The row of the table behind each point, where points are kept as they are."""
    sizes: tuple[float, ...] = ()
    """The width in pixels of each point, where points differ in size."""


@dataclass(frozen=True)
class ChartData:
    """What a chart draws: x as category, time or value; one series or more."""

    x: str
    x_kind: str
    y: tuple[str, ...]
    series_column: str | None
    series: tuple[Series, ...]
    order: tuple[Value, ...]
    hidden: int

    @property
    def is_multiple(self) -> bool:
        """Return whether a legend is needed."""
        return len(self.series) > 1


@dataclass(frozen=True)
class Layout:
    """How the data is laid out, apart from which columns are drawn."""

    sort: bool = True
    x_type: str | None = None
    stacked: bool = False
    is_bar: bool = False
    percent: bool = False
    zero_missing: bool = False
    keeps_points: bool = False
    series_order: tuple[str, ...] = ()


def arrange(
    table: Table,
    x: str,
    y: Sequence[str],
    series_column: str | None,
    titles: dict[str, str],
    layout: Layout,
) -> ChartData:
    """Return the series of a chart, sorted: categories by size, time and numbers upwards."""
    kind = {"date": "time", "number": "value"}.get(table.kind(x), "category")
    x_kind = "category" if layout.x_type == "category" else kind
    rows = _sorted_rows(table, x, y, kind, series_column, layout)
    order = tuple(dict.fromkeys(_x_value(table.rows[i][table.columns.index(x)]) for i in rows))
    series = _split(table, rows, x, y, series_column, titles)
    is_complete = x_kind == "category" or layout.stacked or layout.zero_missing or len(series) > 1
    hidden = _hidden(table, x, y)
    shaped = _shaped(series, order, hidden, layout, is_complete)
    return ChartData(x, x_kind, tuple(y), series_column, tuple(shaped), order, sum(hidden.values()))


def beside(
    table: Table,
    data: ChartData,
    y: Sequence[str],
    series_column: str | None,
    titles: dict[str, str],
    layout: Layout,
) -> tuple[Series, ...]:
    """Return further series along the x of a chart that is arranged already."""
    positions = {x: number for number, x in enumerate(data.order)}
    xs = table.values(data.x)
    rows = sorted(
        range(len(table.rows)), key=lambda i: positions.get(_x_value(xs[i]), len(positions))
    )
    series = _split(table, rows, data.x, y, series_column, titles)
    return tuple(_shaped(series, data.order, _hidden(table, data.x, y), layout, True))


def _hidden(table: Table, x: str, y: Sequence[str]) -> dict[Value, int]:
    """Return how many values are hidden at each x."""
    xs = table.values(x)
    found: dict[Value, int] = {}
    for column in y:
        for row in range(len(table.rows)):
            if table.mark(row, column) is not None:
                found[_x_value(xs[row])] = found.get(_x_value(xs[row]), 0) + 1
    return found


def _shaped(
    series: list[Series],
    order: tuple[Value, ...],
    hidden: dict[Value, int],
    layout: Layout,
    is_complete: bool,
) -> list[Series]:
    if layout.series_order:
        wanted = list(layout.series_order)
        series.sort(key=lambda s: wanted.index(s.name) if s.name in wanted else len(wanted))
    if layout.keeps_points:
        return series
    if is_complete:
        fill = 0.0 if layout.zero_missing else None
        series = [_completed(s, order, fill, hidden) for s in series]
    if layout.percent:
        series = _percentages(series, hidden)
    elif layout.stacked and not layout.is_bar:
        # What lies on a hidden layer would be drawn too low: the whole stack has a gap there.
        series = [_without(s, hidden) for s in series]
    return series


def _x_value(value: Value) -> Value:
    return "" if value is None else value


def _sorted_rows(
    table: Table, x: str, y: Sequence[str], kind: str, series_column: str | None, layout: Layout
) -> list[int]:
    rows = list(range(len(table.rows)))
    xs = table.values(x)
    if kind == "time" or (layout.sort and kind == "value"):
        return sorted(rows, key=lambda i: (xs[i] is not None, xs[i]))
    if not layout.sort:
        return rows
    if len(y) > 1 or series_column:
        if not (layout.is_bar or len(y) == 1):
            return rows
        # Several bars to a category: the categories go by their total, largest first.
        totals: dict[Value, float] = {}
        for column in y:
            for i, value in enumerate(table.values(column)):
                totals[xs[i]] = totals.get(xs[i], 0.0) + (_number(value) or 0.0)
        return sorted(rows, key=lambda i: -totals[xs[i]])
    sizes = [_number(value) for value in table.values(y[0])]
    return sorted(rows, key=lambda i: (sizes[i] is None, -(sizes[i] or 0.0)))


def _split(
    table: Table,
    rows: list[int],
    x: str,
    y: Sequence[str],
    series_column: str | None,
    titles: dict[str, str],
) -> list[Series]:
    xs = table.values(x)
    found: list[Series] = []
    groups: list[tuple[str | None, list[int]]] = [(None, rows)]
    if series_column:
        names = table.values(series_column)
        groups = [
            (str(name) if name is not None else "null", [i for i in rows if names[i] == name])
            for name in dict.fromkeys(names[i] for i in rows)
        ]
    for name, members in groups:
        for column in y:
            values = table.values(column)
            points = tuple(
                (_x_value(xs[i]), None if table.mark(i, column) else _number(values[i]))
                for i in members
            )
            label = titles[column] if name is None else name
            if name is not None and len(y) > 1:
                label = f"{name} - {titles[column]}"
            found.append(Series(label, points, tuple(members)))
    return found


def _number(value: Value) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _completed(
    series: Series, order: tuple[Value, ...], fill: float | None, hidden: dict[Value, int]
) -> Series:
    known = dict(series.points)
    points = (
        (x, known.get(x) if known.get(x) is not None else (None if x in hidden else fill))
        for x in order
    )
    return Series(series.name, tuple(points))


def _without(series: Series, hidden: dict[Value, int]) -> Series:
    points = tuple((x, None if x in hidden else value) for x, value in series.points)
    return Series(series.name, points)


def _percentages(series: list[Series], hidden: dict[Value, int]) -> list[Series]:
    """Return shares of the whole at each x; where a part is hidden the whole is not known."""
    totals: dict[Value, float] = {}
    for one in series:
        for x, value in one.points:
            totals[x] = totals.get(x, 0.0) + (value or 0.0)
    return [
        Series(
            one.name,
            tuple(
                (
                    x,
                    value / totals[x]
                    if value is not None and totals[x] and x not in hidden
                    else None,
                )
                for x, value in one.points
            ),
        )
        for one in series
    ]


def milliseconds(date: Value) -> int:
    """Return a date as the number that a time axis wants, in UTC."""
    moment = datetime.datetime.fromisoformat(str(date)).replace(tzinfo=datetime.UTC)
    return int(moment.timestamp() * 1000)
