"""The record of what was published: one JSON line an event, append-only, chained by hash.

A release names the rows that are new or shown differently since the release before it, and those
that are gone, so that each edition can be put together again. It holds published figures only.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openlsi.disclosure.spec import DisclosureError
from openlsi.failpoints import reach
from openlsi.home import Home, private_folder

PUBLISHED, HELD, APPROVED = "release_published", "release_held", "release_approved"
_START = "0" * 64

# Words of a row (its keys, and labels that sums are matched on), as one text → figures by column.
Rows = dict[str, dict[str, float | str | None]]


@dataclass(frozen=True)
class Released:
    """One edition as it was published: table → rows. A hidden figure is 'c'."""

    build_id: str
    edition: str
    tables: Mapping[str, Rows]


@dataclass
class ReleaseLedger:
    """The events so far, and the place to append to."""

    path: Path
    events: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def read(cls, home: Home) -> ReleaseLedger:
        """Read and verify the chain; a last line that a crash left torn is left out.

        Raises DisclosureError with the line at which the chain breaks.
        """
        ledger = cls(home.releases)
        content = ledger.path.read_bytes() if ledger.path.exists() else b""
        previous = _START
        for number, line in enumerate(content[: content.rfind(b"\n") + 1].splitlines(), 1):
            event = _parsed(line)
            if event.get("previous_hash") != previous or event.get("hash") != _hash(event):
                raise DisclosureError(
                    f"{ledger.path}, line {number}: the chain of hashes breaks here; a line was"
                    " edited or removed: restore the file from a safe copy"
                )
            previous = event["hash"]
            ledger.events.append(event)
        return ledger

    def append(self, event: dict[str, Any]) -> None:
        """Append one event and flush it to disk: when this returns it is committed."""
        previous = self.events[-1]["hash"] if self.events else _START
        told = {**event, "at": _now(), "previous_hash": previous}
        told["hash"] = _hash(told)
        private_folder(self.path.parent)
        self._cut_torn_line()
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            reach("releases.before_write")
            file.write(json.dumps(told, sort_keys=True).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        reach("releases.after_write")
        self.events.append(told)

    def _cut_torn_line(self) -> None:
        if self.path.exists():
            content = self.path.read_bytes()
            whole = content.rfind(b"\n") + 1
            if whole < len(content):
                with self.path.open("rb+") as file:
                    file.truncate(whole)

    def has(self, build_id: str, edition: str) -> bool:
        """Say whether the release of a build as an edition is recorded."""
        return any(
            e["event"] == PUBLISHED and (e["build_id"], e["edition"]) == (build_id, edition)
            for e in self.events
        )

    def releases(self) -> Iterator[Released]:
        """Return every edition that was published, oldest first."""
        tables: dict[str, dict[str, Rows]] = {}
        for event in self.events:
            if event["event"] == PUBLISHED:
                of_edition = tables.setdefault(event["edition"], {})
                _change(of_edition, event)
                yield Released(
                    event["build_id"], event["edition"],
                    {name: dict(rows) for name, rows in of_edition.items()},
                )  # fmt: skip

    def record(self, released: Released) -> None:
        """Append what is new in an edition since its last release."""
        last: Mapping[str, Rows] = {}
        for earlier in self.releases():
            if earlier.edition == released.edition:
                last = earlier.tables
        changed, gone = {}, {}
        for name in sorted({*last, *released.tables}):
            before, now = last.get(name, {}), released.tables.get(name, {})
            changed[name] = {key: row for key, row in now.items() if before.get(key) != row}
            gone[name] = sorted(set(before) - set(now))
        self.append(
            {
                "event": PUBLISHED,
                "build_id": released.build_id,
                "edition": released.edition,
                "changed": {name: rows for name, rows in changed.items() if rows},
                "gone": {name: keys for name, keys in gone.items() if keys},
            }
        )

    def is_approved(self, release: str) -> bool:
        """Say whether a person has let a held release pass."""
        return any(e["event"] == APPROVED and e["release"] == release for e in self.events)


def _change(tables: dict[str, Rows], event: Mapping[str, Any]) -> None:
    for name, keys in event["gone"].items():
        for key in keys:
            tables[name].pop(key, None)
    for name, rows in event["changed"].items():
        tables.setdefault(name, {}).update(rows)


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        event = json.loads(line)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}


def _hash(event: Mapping[str, Any]) -> str:
    content = {name: value for name, value in event.items() if name != "hash"}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _now() -> str:
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
