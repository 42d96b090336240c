"""The record of what was published, as events of a chained log.

A release names the rows that are new or shown differently since the release before it, and those
that are gone, so that each edition can be put together again. It holds published figures only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from openlsi.chained_log import ChainedLog
from openlsi.disclosure.spec import DisclosureError
from openlsi.home import Home

PUBLISHED, HELD, APPROVED = "release_published", "release_held", "release_approved"

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
    """What was published, held and approved, in order, and the place to append to."""

    log: ChainedLog

    @classmethod
    def read(cls, home: Home) -> ReleaseLedger:
        """Read and verify the chain; raises DisclosureError with the line at which it breaks."""
        return cls(ChainedLog.read(home.releases, "releases", DisclosureError))

    @property
    def events(self) -> list[dict[str, Any]]:
        """Every event so far, oldest first."""
        return self.log.events

    def append(self, event: dict[str, Any]) -> None:
        """Append one event; when this returns it is committed."""
        self.log.append(event)

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
