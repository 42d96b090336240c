"""What has not come: months that are late, months missing in between, and months that are held."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from openlsi.config import District, load_configuration
from openlsi.extract.ledger import accepted_extracts
from openlsi.home import Home


@dataclass(frozen=True)
class Awaited:
    """How one feed of one district stands: what is next, by when, what is lacking before it."""

    district: str
    feed: str
    last_month: date
    next_month: date
    due: date
    late_days: int
    missing: tuple[date, ...]
    held: tuple[date, ...]

    def lines(self) -> Iterator[str]:
        """Yield a line for whatever is not as it should be."""
        named = f"{self.district} {self.feed}"
        if self.late_days:
            yield (
                f"late: {named} {self.next_month:%Y-%m}, due by {self.due.isoformat()},"
                f" {self.late_days} {'day' if self.late_days == 1 else 'days'} ago"
            )
        if self.missing:
            yield f"missing: {named} {_listed(self.missing)}"
        if self.held:
            yield f"held: {named} {_listed(self.held)}"


def awaited(home: Home, today: date) -> list[Awaited]:
    """Return how each feed stands of which anything was ever accepted.

    A month is due on its feed's `due_day` of the month after. One that is held has come.
    """
    configuration = load_configuration(home)
    rows = accepted_extracts(home).to_pylist()
    return [
        _feed(district, feed, configuration.feeds[feed].due_day, today, own)
        for district in configuration.senders
        for feed in district.feeds
        if (own := [r for r in rows if (r["district_code"], r["feed"]) == (district.code, feed)])
    ]


def _feed(
    district: District, feed: str, due_day: int, today: date, rows: Iterable[dict[str, Any]]
) -> Awaited:
    listed = list(rows)
    come = {row["month"] for row in listed}
    held = sorted({row["month"] for row in listed if row["is_held"]})
    first, last = min(come), max(come)
    following = _after(last)
    due = _day_of(_after(following), due_day)
    missing = []
    month = first
    while month < last:
        if month not in come:
            missing.append(month)
        month = _after(month)
    late = max((today - due).days, 0)
    return Awaited(district.slug, feed, last, following, due, late, tuple(missing), tuple(held))


def _after(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _day_of(month: date, day: int) -> date:
    """Return a day of a month; the 31st of a shorter one is its last."""
    return month.replace(day=min(day, monthrange(month.year, month.month)[1]))


def _listed(months: Iterable[date]) -> str:
    return ", ".join(f"{month:%Y-%m}" for month in months)
