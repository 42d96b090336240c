"""An append-only record of events: one JSON line an event, each holding the hash of the one before.

A line that was edited or removed breaks the chain; a line that a crash left torn was never told.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openlsi.errors import LsiError
from openlsi.failpoints import reach
from openlsi.home import private_folder

_START = "0" * 64


@dataclass
class ChainedLog:
    """The events of one file so far, and the place to append to."""

    path: Path
    # Names the points at which a test may kill a run.
    name: str
    refusal: type[LsiError]
    events: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path, name: str, refusal: type[LsiError]) -> ChainedLog:
        """Read and verify the chain; raises `refusal` with the line at which it breaks."""
        log = cls(path, name, refusal)
        content = path.read_bytes() if path.exists() else b""
        previous = _START
        for number, line in enumerate(content[: content.rfind(b"\n") + 1].splitlines(), 1):
            event = _parsed(line)
            if event.get("previous_hash") != previous or event.get("hash") != _hash(event):
                raise refusal(
                    f"{path}, line {number}: the chain of hashes breaks here; a line was"
                    " edited or removed: restore the file from a safe copy"
                )
            previous = event["hash"]
            log.events.append(event)
        return log

    def append(self, event: dict[str, Any]) -> None:
        """Append one event and flush it to disk: when this returns it is committed."""
        previous = self.events[-1]["hash"] if self.events else _START
        told = {**event, "at": now(), "previous_hash": previous}
        told["hash"] = _hash(told)
        private_folder(self.path.parent)
        self._cut_torn_line()
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            reach(f"{self.name}.before_write")
            file.write(json.dumps(told, sort_keys=True).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        reach(f"{self.name}.after_write")
        self.events.append(told)

    def of(self, kind: str) -> Iterator[dict[str, Any]]:
        """Yield the events of one kind, in order."""
        return (event for event in self.events if event["event"] == kind)

    def _cut_torn_line(self) -> None:
        if self.path.exists():
            content = self.path.read_bytes()
            whole = content.rfind(b"\n") + 1
            if whole < len(content):
                with self.path.open("rb+") as file:
                    file.truncate(whole)


def now() -> str:
    """Return the time in UTC, to the microsecond, without an offset."""
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        event = json.loads(line)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}


def _hash(event: dict[str, Any]) -> str:
    told = {key: value for key, value in event.items() if key != "hash"}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
