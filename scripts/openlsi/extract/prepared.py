"""One delivery read: whose it is, which month, its tables as text; not yet typed or judged."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openlsi.config import District
from openlsi.extract import chain
from openlsi.extract.batch import Item
from openlsi.extract.delivery import Delivery, check_whose
from openlsi.extract.layouts import Layout
from openlsi.extract.limits import FileLimits
from openlsi.extract.originals import Original
from openlsi.extract.patterns import parse_month, written_name
from openlsi.extract.reading import RawDelivery, read_delimited, read_tagged
from openlsi.extract.refusals import RefusedFileError
from openlsi.extract.slot import Slot, months_covered
from openlsi.extract.versions import Held, check_version
from openlsi.extract.workbook import read_workbook_extract
from openlsi.identity.keys import DistrictKeys


def content_hash(hashes: dict[str, str]) -> str:
    """Return the hash of a delivery's content out of those of its files, by table."""
    text = "\n".join(f"{table}={hashes[table]}" for table in sorted(hashes))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Opened:
    """The bytes of a delivery, by table, and their hashes."""

    originals: dict[str, Original]
    hashes: dict[str, str]

    @classmethod
    def read(cls, delivery: Delivery, limits: FileLimits) -> Opened:
        """Read every file of a delivery once; raises RefusedFileError where that cannot be."""
        originals = {
            table: Original.read(path, delivery.inbox, limits)
            for table, path in delivery.present.items()
        }
        hashes = {
            table: hashlib.sha256(original.content).hexdigest()
            for table, original in originals.items()
        }
        return cls(originals, hashes)

    @property
    def content_hash(self) -> str:
        """The hash of the content: its files' hashes by table, whatever their names."""
        return content_hash(self.hashes)


@dataclass(frozen=True)
class Prepared:
    """A delivery that is new, ready to be typed, with all that its event says but the totals."""

    delivery: Delivery
    opened: Opened
    raw: RawDelivery
    slot: Slot
    restated: tuple[Slot, ...]
    facts: dict[str, Any]

    def item(self, number: int) -> Item:
        """Return it as the item of a batch."""
        return Item(number, self.slot, self.delivery.label, self.raw, self.restated)

    def event(self, totals: dict[str, Any]) -> dict[str, Any]:
        """Return the ledger's event of one month of it, given the totals of that month."""
        event = {**totals, **self.facts, "loaded_at": chain.now()}
        if totals["extract_id"] != self.slot.extract_id:
            # A month that a history restates: its own file is held with the file's own month.
            event |= {"restated_by": self.slot.extract_id, "is_reissue": False, "why": None}
        return event

    @property
    def expected(self) -> dict[str, Any]:
        """The event as far as later deliveries of the batch need to know of it."""
        return {
            **self.facts,
            "extract_id": self.slot.extract_id,
            "feed": self.slot.feed,
            "month": self.slot.month.isoformat(),
            "loaded_at": chain.now(),
        }


def prepare(
    delivery: Delivery, opened: Opened, layout: Layout, district: District, keys: DistrictKeys,
    held: Held, limits: FileLimits, why: str | None,
) -> Prepared:  # fmt: skip
    """Read a new delivery and find out what it is of; raises RefusedFileError if it may not be."""
    _refuse_incomplete(delivery, layout, district)
    check_whose(delivery, district, None)
    contents = {table: original.content for table, original in opened.originals.items()}
    raw = read_files(layout, delivery, contents, limits)
    check_whose(delivery, district, raw.header.district)
    month = _month(delivery, raw)
    produced_at = raw.header.produced_at or delivery.produced_at
    _refuse_undated_history(delivery, layout, produced_at)
    is_reissue = check_version(held, delivery, month, produced_at, why)
    content = opened.content_hash
    slots = [
        Slot(
            delivery.feed, district.code, one,
            chain.extract_id(delivery.feed, district.code, one, content),
        )
        for one in months_covered(month, layout.covers_months)
    ]  # fmt: skip
    return Prepared(
        delivery, opened, raw, slots[-1],
        tuple(
            slot for slot in slots[:-1]
            if slot.extract_id not in held.extract_ids
            and not held.is_released(delivery.feed, slot.month)
        ),
        {
            "event": "extract_accepted",
            "layout": layout.layout,
            "mode": layout.mode,
            "key_id": keys.key_id,
            "key_check": keys.check_value(),
            "produced_at": produced_at.isoformat() if produced_at else None,
            "is_reissue": is_reissue,
            "why": why if is_reissue else None,
            "content_hash": content,
            "files": [
                {"name": path.name, "table": table, "sha256": opened.hashes[table],
                 "bytes": len(opened.originals[table].content)}
                for table, path in delivery.present.items()
            ],
        },
    )  # fmt: skip


def _refuse_undated_history(
    delivery: Delivery, layout: Layout, produced_at: datetime | None
) -> None:
    """Refuse a file that restates months but not says when: which counts could not be told."""
    if layout.mode == "history" and produced_at is None:
        raise RefusedFileError(
            delivery.label, "a history without its time of production",
            "a time such as 20261101T093000 in its name or header line",
            f"ask the sender for it, and say {{produced}} in the pattern of layout {layout.layout}",
        )  # fmt: skip


def _refuse_incomplete(delivery: Delivery, layout: Layout, district: District) -> None:
    missing = [
        written_name(layout.files[table].pattern, district, delivery.month)
        for table, path in delivery.files.items()
        if not path
    ]
    if missing:
        raise RefusedFileError(
            delivery.label,
            f"{len(delivery.present)} of the {len(delivery.files)} files of its set",
            f"{', '.join(missing)} too", "ask the sender for the whole set",
        )  # fmt: skip


def read_files(
    layout: Layout, delivery: Delivery, contents: dict[str, bytes], limits: FileLimits
) -> RawDelivery:
    """Return all tables of a delivery as text."""
    parts = []
    for table, content in contents.items():
        path = delivery.files[table]
        assert path is not None
        name = path.name
        if layout.format == "tagged":
            parts.append(read_tagged(layout, name, content))
        elif layout.format == "workbook":
            parts.append(read_workbook_extract(layout, table, name, content, limits))
        else:
            parts.append(read_delimited(layout, table, name, content))
    if len(parts) == 1:
        return parts[0]
    return RawDelivery(
        {name: table for part in parts for name, table in part.tables.items()},
        sum(part.physical_rows for part in parts),
        sum(part.structural_rows for part in parts),
        [row for part in parts for row in part.broken],
    )


def _month(delivery: Delivery, raw: RawDelivery) -> date:
    said = parse_month(raw.header.month) if raw.header.month else None
    named = delivery.month
    if said and named and said != named:
        raise RefusedFileError(
            delivery.label, f"{said:%Y-%m} in its header line", f"{named:%Y-%m} as its name says",
            "ask the sender which month it is",
        )  # fmt: skip
    month = said or named
    if month is None:
        raise RefusedFileError(
            delivery.label,
            "no month in its name or header",
            "a month such as 202610",
            "put it into the name, as the layout's pattern says",
        )
    return month
