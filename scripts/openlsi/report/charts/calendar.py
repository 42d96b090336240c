"""The days of years as cells, a week a column, drawn without the chart engine."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from openlsi.report.charts import palette
from openlsi.report.charts.axes import NARROW
from openlsi.report.charts.heat import colour_of
from openlsi.report.charts.svg import Drawing
from openlsi.report.templating import render

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = "MTWTFSS"
WEEKS = 54


@dataclass(frozen=True)
class Day:
    """A day, its value (None where there is none) and what it says."""

    date: datetime.date
    value: float | None
    title: str = ""


@dataclass(frozen=True)
class Calendar:
    """Days with the edges of the classes that their colours stand for."""

    days: tuple[Day, ...]
    edges: tuple[float, ...]
    has_year_label: bool = True
    has_month_label: bool = True
    has_day_label: bool = True

    @property
    def years(self) -> list[int]:
        """Return the years that have a day."""
        return sorted({day.date.year for day in self.days})


def calendar(given: Calendar, width: int) -> Drawing:
    """Return the drawing: years from top to bottom, weeks from left to right, Monday on top."""
    narrow = width < NARROW
    left = (16 if given.has_day_label else 2) + (20 if given.has_year_label else 0)
    pitch = (width - left - 2) / WEEKS
    cell = round(pitch - (0.6 if narrow else 1.5), 1)
    size = 9 if narrow else 11
    head = size + 8 if given.has_month_label else 4
    # Short cells on a small screen would be too flat to tell apart.
    step = max(pitch, 9.0)
    tall = round(step - (0.6 if narrow else 1.5), 1)
    year_height = head + 7 * step + 12
    years = [
        {
            "label": str(year) if given.has_year_label else "",
            "y": round(number * year_height + head + 3.5 * step, 1),
            "months": _months(year, left, pitch, number * year_height + size, narrow)
            if given.has_month_label
            else [],
            "days": [
                (DAYS[day], round(number * year_height + head + day * step + step * 0.75, 1))
                for day in (range(0, 7, 2) if narrow else range(7))
            ]
            if given.has_day_label
            else [],
        }
        for number, year in enumerate(given.years)
    ]
    inner = render(
        "drawings/calendar.svg.jinja",
        groups=_groups(given, left, pitch, (step, head, year_height), not narrow),
        years=years,
        cell=(cell, tall),
        size=size,
        left=left,
        text=palette.TEXT,
        muted=palette.MUTED,
    )
    return Drawing(str(inner), width, round(year_height * len(given.years)))


def _week(date: datetime.date) -> int:
    """Return the number of a day's column in its year, from 0."""
    first = datetime.date(date.year, 1, 1)
    return (date.timetuple().tm_yday - 1 + first.weekday()) // 7


def _months(
    year: int, left: int, pitch: float, y: float, narrow: bool
) -> list[tuple[str, float, float]]:
    """Return (name, x, y) of each month, above the first whole week in it."""
    found = []
    for number, name in enumerate(MONTHS, start=1):
        first = datetime.date(year, number, 1)
        week = _week(first) + (1 if first.weekday() > 3 else 0)
        found.append((name[0] if narrow else name, round(left + week * pitch, 1), round(y, 1)))
    return found


def _groups(
    given: Calendar, left: int, pitch: float, heights: tuple[float, float, float], speaks: bool
) -> list[dict[str, object]]:
    """Return the cells by colour; on a small screen they say nothing and share one path."""
    step, head, year_height = heights
    known = {day.date: day for day in given.days}
    cells: dict[str, list[tuple[float, float, str]]] = {}
    for number, year in enumerate(given.years):
        for date in _days_of(year):
            day = known.get(date)
            colour = colour_of(day.value if day else None, given.edges)
            x = round(left + _week(date) * pitch, 1)
            y = round(number * year_height + head + date.weekday() * step, 1)
            cells.setdefault(colour, []).append((x, y, day.title if day else ""))
    order = [palette.GAP, *palette.RAMP]
    return [
        {
            "colour": colour,
            "name": palette.class_of(colour),
            "is_none": colour == palette.GAP,
            "plain": [(x, y) for x, y, title in cells[colour] if not (speaks and title)],
            "titled": [cell for cell in cells[colour] if speaks and cell[2]],
        }
        for colour in order
        if colour in cells
    ]


def _days_of(year: int) -> Sequence[datetime.date]:
    first = datetime.date(year, 1, 1)
    count = (datetime.date(year + 1, 1, 1) - first).days
    return [first + datetime.timedelta(days=number) for number in range(count)]
