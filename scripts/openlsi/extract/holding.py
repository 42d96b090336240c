"""Hold, don't publish: a month that moved beyond its limits waits for a person (definition 30).

A held extract is accepted and landed; it counts for no build until it is released.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from openlsi.config import Configuration
from openlsi.extract.chain import Ledger, now
from openlsi.extract.hold_limits import FeedLimits, HoldLimits
from openlsi.extract.ledger import arrival, in_force_entries

HELD, RELEASED, ANNOUNCED = "extract_held", "extract_released", "change_announced"

Slot = tuple[str, str, str]


@dataclass
class Standing:
    """What is in force by feed, district and month, to judge what arrives next against it.

    `feeds` are those of districts.yml: official workbooks are judged by nobody but their publisher.
    """

    limits: HoldLimits
    feeds: frozenset[str]
    announced: set[Slot]
    months: dict[tuple[str, str], dict[str, dict[str, Any]]] = field(default_factory=dict)

    @classmethod
    def of(cls, ledger: Ledger, limits: HoldLimits, configuration: Configuration) -> Standing:
        """Return what the ledger says stands, and what was announced there or in limits.yml."""
        announced = {
            (event["feed"], event["district_code"], event["month"])
            for event in ledger.events(ANNOUNCED)
        } | {
            (one.feed, sender.code, one.month.isoformat())
            for one in limits.announced
            if (sender := configuration.district(one.district)) is not None
        }
        standing = cls(limits, frozenset(configuration.feeds), announced)
        for entry in in_force_entries(ledger):
            standing._take(entry)
        return standing

    def judge(self, accepted: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return an event for each extract to be held; take the others to be in force.

        Months that arrive together are judged in their order, each against what stands by then.
        """
        held = []
        for entry in sorted(accepted, key=lambda one: one["month"]):
            breaches = self._breaches(entry)
            if breaches:
                held.append(held_event(entry, breaches))
            else:
                self._take(entry)
        return held

    def judge_match_rates(
        self, arrived: Iterable[dict[str, Any]], rates: Mapping[str, Decimal]
    ) -> list[dict[str, Any]]:
        """Return an event for each extract whose rows meet their household less than before.

        Against the last month in force before it; what has none before it, or was announced, or
        has no household to meet, is not judged.
        """
        held = []
        for entry in sorted(arrived, key=lambda one: one["month"]):
            slot = (entry["feed"], entry["district_code"])
            months = self.months.get(slot, {})
            earlier = [month for month in months if month < entry["month"]]
            before = months[max(earlier)] if earlier else None
            if before is None or (*slot, entry["month"]) in self.announced:
                continue
            if entry["extract_id"] not in rates or before["extract_id"] not in rates:
                continue
            breaches = fallen_match_rate(
                entry, rates[entry["extract_id"]], before, rates[before["extract_id"]],
                self.limits.of(entry["feed"]),
            )  # fmt: skip
            if breaches:
                held.append(held_event(entry, breaches))
                # The next month is judged against one that counts.
                del months[entry["month"]]
        return held

    def _take(self, entry: dict[str, Any]) -> None:
        months = self.months.setdefault((entry["feed"], entry["district_code"]), {})
        replaced = months.get(entry["month"])
        if replaced is None or arrival(replaced) <= arrival(entry):
            months[entry["month"]] = entry

    def _breaches(self, entry: dict[str, Any]) -> list[dict[str, str]]:
        feed, code, month = entry["feed"], entry["district_code"], entry["month"]
        if feed not in self.feeds or (feed, code, month) in self.announced:
            return []
        limits, months = self.limits.of(feed), self.months.get((feed, code), {})
        replaced = months.get(month)
        if replaced is not None and arrival(replaced) > arrival(entry):
            # It takes its place before the one in force and changes no figure of today.
            return []
        found = _moved_gbp(entry, replaced, limits) + _moved_rows(entry, replaced, limits)
        neighbour = _neighbour(months, month)
        yearly = limits.gbp_against == "year_before"
        found += _moved_rows(entry, neighbour, limits)
        found += _moved_gbp(entry, months.get(_year_before(month)) if yearly else neighbour, limits)
        return found


def held_event(
    entry: Mapping[str, Any],
    breaches: list[dict[str, str]],
    by: str | None = None,
    why: str | None = None,
) -> dict[str, Any]:
    """Return the ledger's line of a hold; one by nobody was made by the limits at acceptance."""
    return {
        "event": HELD,
        **{name: entry[name] for name in ("extract_id", "feed", "district_code", "month")},
        "held_at": now(),
        "by": by,
        "why": why,
        "breaches": breaches,
    }


def fallen_match_rate(
    entry: Mapping[str, Any], rate: Decimal, before: Mapping[str, Any], rate_before: Decimal,
    limits: FeedLimits,
) -> list[dict[str, str]]:  # fmt: skip
    """Return the breach if fewer rows than before meet their household; rates are from 0 to 1."""
    points = (rate - rate_before) * 100
    if limits.match_rate_points is None or -points < limits.match_rate_points:
        return []
    if _rows(entry) < limits.least_rows:
        return []
    return [
        _breach("match rate", points, f"{limits.match_rate_points:f} points", before, " points")
    ]


def _moved_rows(
    entry: Mapping[str, Any], before: Mapping[str, Any] | None, limits: FeedLimits
) -> list[dict[str, str]]:
    if before is None or limits.rows_pct is None:
        return []
    earlier = {record["record"]: int(record["rows"]) for record in before["records"]}
    breaches = []
    for record in entry["records"]:
        rows, was = int(record["rows"]), earlier.get(record["record"], 0)
        if was and max(rows, was) >= limits.least_rows:
            moved = _per_cent(Decimal(rows), Decimal(was))
            if abs(moved) > limits.rows_pct:
                name = f"rows of {record['record']}"
                breaches.append(_breach(name, moved, f"{limits.rows_pct:f}%", before))
    return breaches


def _moved_gbp(
    entry: Mapping[str, Any], before: Mapping[str, Any] | None, limits: FeedLimits
) -> list[dict[str, str]]:
    if before is None or limits.gbp_pct is None:
        return []
    pounds, was = Decimal(entry["accepted_gbp"]), Decimal(before["accepted_gbp"])
    if not was or max(_rows(entry), _rows(before)) < limits.least_rows:
        return []
    moved = _per_cent(pounds, was)
    return (
        [_breach("pounds", moved, f"{limits.gbp_pct:f}%", before)]
        if abs(moved) > limits.gbp_pct
        else []
    )


def _breach(
    measure: str, moved: Decimal, limit: str, before: Mapping[str, Any], unit: str = "%"
) -> dict[str, str]:
    return {
        "measure": measure,
        "moved": f"{moved:+.1f}{unit}",
        "limit": limit,
        "against_month": before["month"],
        "against": before["extract_id"],
    }


def _rows(entry: Mapping[str, Any]) -> int:
    return sum(int(record["rows"]) for record in entry["records"])


def _per_cent(after: Decimal, before: Decimal) -> Decimal:
    return (after - before) / abs(before) * 100


def _neighbour(months: Mapping[str, dict[str, Any]], month: str) -> dict[str, Any] | None:
    """Return the last month in force before this one; where there is none, the first after it.

    The second is for months that are loaded backwards, whose newest came first.
    """
    earlier = [one for one in months if one < month]
    later = [one for one in months if one > month]
    near = max(earlier) if earlier else min(later, default=None)
    return None if near is None else months[near]


def _year_before(month: str) -> str:
    day = date.fromisoformat(month)
    return day.replace(year=day.year - 1).isoformat()
