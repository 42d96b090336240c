"""Spoils the rows of one extract by a schedule, and counts what is then written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from openlsi.synthesis.faults import Kind, Planted, Record, Schedule, Table, plant
from openlsi.synthesis.plan import Ints, Plan


def draw_schedule(
    plan: Plan, code: str, feed: str, writer: Any, extracts: int | None = None
) -> Schedule:
    """Draw how many faults of each kind each extract of a sender holds; monthly by default."""
    rng = plan.generator(code, f"faults {feed}")
    count = len(plan.extract_months) if extracts is None else extracts
    schedule = Schedule.draw(rng, len(writer.faults), count)
    return schedule if plan.has_faults else Schedule(np.zeros_like(schedule.counts))


@dataclass
class Spoiler:
    """Spoils the rows of one extract, and counts its data lines as they are then written."""

    rng: np.random.Generator
    kinds: Sequence[Kind]
    counts: Ints
    lines: int = 0

    @classmethod
    def of(cls, plan: Plan, code: str, feed: str, writer: Any, counts: Ints, place: int) -> Spoiler:
        """Return what spoils the extract of a sender at this place among its extracts."""
        return cls(plan.generator(code, f"faults {feed} {place}"), writer.faults, counts)

    def spoil(self, tables: Mapping[str, Table], records: Mapping[str, Record]) -> list[Planted]:
        """Plant what is scheduled and return it."""
        planted = plant(self.rng, self.kinds, self.counts, tables, records)
        self.lines = sum(table.written_rows() for table in tables.values())
        return planted

    def spare(self, tables: Mapping[str, Table], records: Mapping[str, Record]) -> list[Planted]:
        """Plant nothing."""
        self.lines = sum(table.written_rows() for table in tables.values())
        return []
