"""A batch: several deliveries of one layout, worked on together and told apart by a number."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pyarrow as pa

from openlsi.extract.reading import RawDelivery
from openlsi.extract.slot import Slot


@dataclass
class Sums:
    """Rows and pounds of one record of one delivery: candidates, and the accepted part of them.

    `accepted_source_rows` are physical rows, 0 where another record counts them already.
    """

    candidate_rows: int = 0
    accepted_rows: int = 0
    accepted_source_rows: int = 0
    candidate_gbp: Decimal | None = None
    accepted_gbp: Decimal | None = None
    unreadable_rows: int = 0


@dataclass(frozen=True)
class Item:
    """One delivery of a batch: its number there, what it is of, and its tables.

    `restated` are the earlier months that a history restates, oldest first.
    """

    number: int
    slot: Slot
    label: str
    raw: RawDelivery
    restated: tuple[Slot, ...] = ()


@dataclass
class Extraction:
    """What one delivery came to: its event for the ledger, and one a month that it restates."""

    item: Item
    sums: dict[str, Sums] = field(default_factory=dict)
    sealed: dict[str, pa.Table] = field(default_factory=dict)
    event: dict[str, Any] = field(default_factory=dict)
    restated: list[dict[str, Any]] = field(default_factory=list)

    @property
    def events(self) -> list[tuple[Slot, dict[str, Any]]]:
        """Every month that the delivery tells of, with its event; its own month last."""
        slots = [*self.item.restated, self.item.slot]
        return list(zip(slots, [*self.restated, self.event], strict=True))


def event_of(
    slot: Slot, physical: int = 0, structural: int = 0, quarantined: int = 0
) -> dict[str, Any]:
    """Return the part of an event that says what of, and how many physical rows went where."""
    return {
        "extract_id": slot.extract_id,
        "feed": slot.feed,
        "district_code": slot.district_code,
        "month": slot.month.isoformat(),
        "physical_rows": physical,
        "structural_rows": structural,
        "accepted_rows": physical - structural - quarantined,
        "quarantined_rows": quarantined,
        "other_month_rows": 0,
        "accepted_gbp": "0.00",
        "quarantined_gbp": "0.00",
        "other_month_gbp": "0.00",
        "unreadable_gbp": "0.00",
        "quarantine_reasons": [],
        "records": [],
    }
