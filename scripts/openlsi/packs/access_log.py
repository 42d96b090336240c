"""Who built and opened which pack, for what: a chained log that a second writer waits for."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from openlsi.chained_log import ChainedLog
from openlsi.home import Home, private_folder
from openlsi.packs.errors import PackError

BUILT, OPENED = "pack_built", "pack_opened"
REFUSED, REMOVED = "pack_refused", "pack_removed"
_FILE, _LOCK = "access.jsonl", "access.lock"


@dataclass
class AccessLog:
    """The accesses so far, oldest first, and the place to append to."""

    log: ChainedLog

    @classmethod
    def read(cls, home: Home) -> AccessLog:
        """Read and verify the chain; raises PackError with the line at which it breaks."""
        return cls(ChainedLog.read(home.packs / _FILE, "packs", PackError))

    @property
    def events(self) -> list[dict[str, Any]]:
        """Every access."""
        return self.log.events

    @property
    def last_hash(self) -> str:
        """The hash of the last line, which all lines before it go into; empty before the first."""
        return str(self.log.events[-1]["hash"]) if self.log.events else ""

    def built(self, pack_id: str) -> dict[str, Any] | None:
        """Return the line that tells of a pack's building."""
        return next((one for one in self.log.of(BUILT) if one["pack"] == pack_id), None)


@contextmanager
def writing(home: Home) -> Iterator[AccessLog]:
    """Read the log to append to it, while nobody else does: two at once would fork the chain."""
    private_folder(home.packs)
    path = home.packs / _LOCK
    path.touch(mode=0o600)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield AccessLog.read(home)


def note(home: Home, kind: str, **told: Any) -> dict[str, Any]:
    """Append one access and return it; when this returns it is on disk."""
    with writing(home) as access:
        access.log.append({"event": kind, **told})
        return access.log.events[-1]
