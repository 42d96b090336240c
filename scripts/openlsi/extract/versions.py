"""What a district has sent before: the same bytes change nothing, other bytes must say why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from openlsi.extract.delivery import Delivery
from openlsi.extract.refusals import RefusedFileError


@dataclass
class Held:
    """Accepted extracts of one district, by month, by content and by file."""

    months: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    contents: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    files: dict[tuple[str, str], dict[str, dict[str, Any]]] = field(default_factory=dict)
    extract_ids: set[str] = field(default_factory=set)
    released: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, accepted: Iterable[dict[str, Any]], released: dict[str, str] | None = None) -> Held:
        """Return what these events of the ledger hold, and the last month let go of each feed."""
        held = cls(released=dict(released or {}))
        for event in accepted:
            held.add(event)
        return held

    def add(self, event: dict[str, Any]) -> None:
        """Take one accepted extract in."""
        feed = event["feed"]
        self.extract_ids.add(event["extract_id"])
        self.months.setdefault((feed, event["month"]), []).append(event)
        if "restated_by" in event:
            return  # the file's content is held with the file's own month
        self.contents[feed, event["content_hash"]] = event
        for file in event["files"]:
            same = self.files.setdefault((feed, file["sha256"]), {})
            same[event["extract_id"]] = event

    def add_restated(self, events: Iterable[dict[str, Any]]) -> None:
        """Take in the earlier months that a history restates."""
        for event in events:
            self.add(event)

    def copy(self) -> Held:
        """Return what is held now, whatever is added later."""
        return Held(
            {name: list(events) for name, events in self.months.items()},
            dict(self.contents),
            {name: dict(events) for name, events in self.files.items()},
            set(self.extract_ids),
            self.released,
        )

    def is_released(self, feed: str, month: date) -> bool:
        """Return whether a month is one that was let go, or earlier."""
        return month.isoformat() <= self.released.get(feed, "")

    def known(
        self, delivery: Delivery, file_hashes: Iterable[str], content: str
    ) -> dict[str, Any] | None:
        """Return the accepted extract that these bytes are, or None.

        A part of a set counts if all of it belongs to one extract: it was copied or left behind.
        """
        if (delivery.feed, content) in self.contents:
            return self.contents[delivery.feed, content]
        if len(delivery.present) == len(delivery.files):
            return None
        held = [self.files.get((delivery.feed, one), {}) for one in file_hashes]
        of_all = set.intersection(*(set(one) for one in held))
        return held[0][min(of_all)] if of_all else None

    def holding(self, file_hash: str) -> list[dict[str, Any]]:
        """Return the accepted extracts that a file with these bytes belongs to."""
        return [
            event
            for (_, known), events in self.files.items()
            if known == file_hash
            for event in events.values()
        ]


def check_label(delivery: Delivery, known: dict[str, Any]) -> None:
    """Raise RefusedFileError where a name says another month than its content is loaded as.

    No month is the same as another to the last byte: the wrong file was sent under this name, or
    the file was loaded under a wrong one.
    """
    month: str = known["month"]
    if delivery.month is not None and month != delivery.month.isoformat():
        raise RefusedFileError(
            delivery.label, f"the very content that is loaded as {month[:7]}",
            f"that of {delivery.month:%Y-%m}, as its name says",
            "ask the sender for the month's own file, and take this one out",
        )  # fmt: skip


def check_version(
    held: Held, delivery: Delivery, month: date, produced_at: datetime | None, why: str | None
) -> bool:
    """Return whether this is a re-issue that was declared; raise if it ought to be and is not.

    A later time of production declares a re-issue by itself; so does an earlier one that comes
    late: it takes its place before the one in force. `why` is what the user gave with --reissue.
    """
    if held.is_released(delivery.feed, month):
        raise RefusedFileError(
            delivery.label, f"{month:%Y-%m}, which is past its retention",
            f"a month after {held.released[delivery.feed][:7]}", "take the file out",
        )  # fmt: skip
    versions = held.months.get((delivery.feed, month.isoformat()), [])
    if not versions:
        return False
    if why is not None:
        return True
    times = [version["produced_at"] for version in versions]
    if produced_at and None not in times and produced_at.isoformat() not in times:
        return False
    raise RefusedFileError(
        delivery.label,
        f"other content for {month:%Y-%m} than was loaded on {versions[-1]['loaded_at'][:10]}",
        "a month once, or a later time of production",
        "if it is a correction, load it with --reissue --why TEXT",
    )
