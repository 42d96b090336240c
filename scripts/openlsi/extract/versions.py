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
    """Accepted extracts of one district, by content, by file and by month."""

    months: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    contents: dict[tuple[str, str], str] = field(default_factory=dict)
    files: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, accepted: Iterable[dict[str, Any]]) -> Held:
        """Return what these events of the ledger hold."""
        held = cls()
        for event in accepted:
            held.add(event)
        return held

    def add(self, event: dict[str, Any]) -> None:
        """Take one accepted extract in."""
        feed, month = event["feed"], event["month"]
        self.months.setdefault((feed, month), []).append(event)
        self.contents[feed, event["content_hash"]] = month
        for file in event["files"]:
            self.files.setdefault((feed, file["sha256"]), set()).add(month)

    def known(self, delivery: Delivery, file_hashes: Iterable[str], content: str) -> str | None:
        """Return the month these bytes are held as, or None.

        A part of a set counts if all of it belongs to one month: it was copied or left behind.
        """
        if (delivery.feed, content) in self.contents:
            return self.contents[delivery.feed, content]
        if len(delivery.present) == len(delivery.files):
            return None
        months = [self.files.get((delivery.feed, one), set()) for one in file_hashes]
        return min(set.intersection(*months), default=None)

    def holds_file(self, file_hash: str) -> bool:
        """Return whether a file with these bytes belongs to an accepted extract."""
        return any(known == file_hash for _, known in self.files)


def check_version(
    held: Held, delivery: Delivery, month: date, produced_at: datetime | None, why: str | None
) -> bool:
    """Return whether this is a re-issue that was declared; raise if it ought to be and is not.

    A later time of production declares a re-issue by itself; so does an earlier one that comes
    late: it takes its place before the one in force. `why` is what the user gave with --reissue.
    """
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
