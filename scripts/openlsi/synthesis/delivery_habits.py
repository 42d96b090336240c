"""How some districts of the demo deliver: one late with everything, one that renames a column.

Made up. Only a demo of half a year or more has them: in a shorter one nothing may be missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from openlsi.synthesis.plan import Month, Plan

MONTHS_NEEDED = 6


@dataclass(frozen=True)
class Renamed:
    """A feed whose files call some columns by other names from a month on: old → new."""

    since: date
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Habits:
    """How many of its last months a district has not delivered yet, and what it renamed by feed."""

    months_late: int = 0
    renamed: Mapping[str, Renamed] = field(default_factory=dict)

    def delivers(self, plan: Plan, place: int) -> bool:
        """Return whether the extracts of the month at this place of the plan have arrived."""
        return place < len(plan.extract_months) - self.months_late

    def rename(self, feed: str, month: Month, path: Path) -> None:
        """Write the header of a delimited file as the district writes it in that month."""
        renamed = self.renamed.get(feed)
        if renamed is None or month.first < renamed.since:
            return
        header, end, rows = path.read_bytes().partition(b"\n")
        names = [renamed.columns.get(name, name) for name in header.decode().split(",")]
        path.write_bytes(",".join(names).encode() + end + rows)


ON_TIME = Habits()
BY_DISTRICT = {
    # Maidstone: a new release of its system, half-way through 2025-26.
    "E07000110": Habits(
        renamed={"cts": Renamed(date(2025, 10, 1), {"Weekly Award": "Weekly CTR"})}
    ),
    # Tunbridge Wells.
    "E07000116": Habits(months_late=2),
}


def habits_of(plan: Plan, district_code: str) -> Habits:
    """Return how a district delivers in a demo of that plan."""
    if len(plan.extract_months) < MONTHS_NEEDED:
        return ON_TIME
    return BY_DISTRICT.get(district_code, ON_TIME)
