"""The ledger: one JSON line an event, append-only, chained by hash. Its line is the commit point.

It holds names of files, counts, pounds and hashes; never an identifier or a value from a file.
An event that changes extracts landed before (other keys, a person erased) carries under `revised`
what is different of each by now; one that lets them go names them under `released`.
Each line also carries a hash keyed from the master key (see keyed_chain).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from openlsi.extract import keyed_chain
from openlsi.extract.landing import stored_name, writing
from openlsi.extract.refusals import ExtractError
from openlsi.failpoints import reach
from openlsi.home import Home

START = "0" * 64


class LedgerError(ExtractError):
    """The ledger is broken: a line was edited, deleted or does not belong there."""


@dataclass
class Ledger:
    """The ledger as read, and the place to append to. Held by one process at a time."""

    path: Path
    entries: list[dict[str, Any]] = field(default_factory=list)
    key: bytes | None = field(default=None, repr=False)

    @classmethod
    def read(cls, home: Home, repair: bool = False) -> Ledger:
        """Read and verify the chain; with `repair`, cut a last line that a crash left torn."""
        path = home.ledger
        content = path.read_bytes() if path.exists() else b""
        whole = content[: content.rfind(b"\n") + 1]
        if repair and len(whole) < len(content):
            # Only the last line can be torn, for each append is flushed before the next.
            with path.open("rb+") as file:
                file.truncate(len(whole))
                os.fsync(file.fileno())
        ledger = cls(path)
        previous = START
        for number, line in enumerate(whole.splitlines(), 1):
            entry = _entry(path, number, line)
            if entry.get("previous_hash") != previous or entry.get("hash") != entry_hash(entry):
                raise LedgerError(
                    f"{path}, line {number}: the chain of hashes breaks here; a line was edited or"
                    " removed: restore the file from a safe copy"
                )
            previous = entry["hash"]
            ledger.entries.append(entry)
        ledger._check_all_keyed()
        ledger._check_head()
        return ledger

    def keyed_with(self, key: bytes) -> Ledger:
        """Return the ledger, to be written to with this key.

        Raises LedgerError if a line or the head was keyed with another, or by nobody.
        """
        for number, entry in enumerate(self.entries, 1):
            if keyed_chain.FIELD in entry and not keyed_chain.is_of(key, entry):
                raise LedgerError(
                    f"{self.path}, line {number}: its keyed hash is not of this master key: it was"
                    " written without the key, or another key is set; restore the file from a safe"
                    " copy, or point LSI_MASTER_KEY_FILE to the key it was written with"
                )
        head = _read_head(self._head)
        if head and self._is_keyed() and not head.is_of(key):
            raise LedgerError(
                f"{self._head}: its keyed hash is not of this master key, so lines at the end of"
                " the ledger may be lost: restore both files from a safe copy"
            )
        self.key = key
        return self

    def _is_keyed(self) -> bool:
        return keyed_chain.first_keyed(self.entries) < len(self.entries)

    def _check_all_keyed(self) -> None:
        first = keyed_chain.first_keyed(self.entries)
        for number, entry in enumerate(self.entries[first:], first + 1):
            if keyed_chain.FIELD not in entry:
                raise LedgerError(
                    f"{self.path}, line {number}: it has no keyed hash and follows one that has; it"
                    " was written without the master key: restore the file from a safe copy"
                )

    @property
    def _head(self) -> Path:
        return _head_of(self.path)

    def _check_head(self) -> None:
        """Refuse a ledger that has lost lines at its end, which the chain alone cannot show."""
        head = _read_head(self._head)
        if head is None:
            return
        if len(self.entries) < head.count or self.entries[head.count - 1]["hash"] != head.last:
            raise LedgerError(
                f"{self.path}: {len(self.entries)} lines found, at least {head.count} were written;"
                " lines at its end are lost: restore the file from a safe copy"
            )

    def _write_head(self) -> None:
        # Behind by one append after a crash, never ahead: it is written after the lines are safe.
        fresh = self._head.with_suffix(".new")
        count, last = len(self.entries), str(self.entries[-1]["hash"])
        keyed = f" {keyed_chain.head_hash(self.key, count, last)}" if self.key else ""
        fresh.write_text(f"{count} {last}{keyed}\n", encoding="ascii")
        fresh.chmod(0o600)
        reach("ledger.before_head_rename")
        fresh.replace(self._head)
        reach("ledger.after_head_rename")

    def append(self, events: Iterable[dict[str, Any]]) -> None:
        """Append events and flush them to disk together: when this returns they are committed.

        Raises LedgerError where the ledger is keyed and no key was given.
        """
        if self.key is None and self._is_keyed():
            raise LedgerError(f"{self.path}: its lines are keyed; expected the master key")
        lines = []
        for event in events:
            previous = self.entries[-1]["hash"] if self.entries else START
            entry = {"sequence": len(self.entries) + 1, **event, "previous_hash": previous}
            entry["hash"] = entry_hash(entry)
            if self.key is not None:
                entry[keyed_chain.FIELD] = keyed_chain.line_hash(self.key, entry)
            self.entries.append(entry)
            lines.append(json.dumps(entry, sort_keys=True) + "\n")
        if not lines:
            return
        with writing(self.path):
            self._write("".join(lines).encode())

    def _write(self, content: bytes) -> None:
        is_new = not self.path.exists()
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(
            os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "wb"
        ) as file:
            reach("ledger.before_write")
            # In two parts, as a full disk or a power cut may leave it.
            file.write(content[: len(content) // 2])
            file.flush()
            reach("ledger.half_written")
            file.write(content[len(content) // 2 :])
            file.flush()
            reach("ledger.before_flush")
            os.fsync(file.fileno())
        reach("ledger.after_flush")
        if is_new:
            folder = os.open(self.path.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        self._write_head()

    def accepted(self) -> list[dict[str, Any]]:
        """Return the accepted extracts as they stand by now, oldest first.

        What was rewritten since has a `revision` above 0 and the paths, keys and totals of that
        revision; what was released is left out.
        """
        held: dict[str, dict[str, Any]] = {}
        for entry in self.entries:
            if entry["event"] == "extract_accepted":
                held[entry["extract_id"]] = {**entry, "revision": 0}
            for extract, change in entry.get("revised", {}).items():
                held[extract] = _revised(held[extract] | change)
            for extract in entry.get("released", []):
                del held[extract]
        return list(held.values())

    def events(self, *names: str) -> list[dict[str, Any]]:
        """Return the events of these kinds, oldest first."""
        return [entry for entry in self.entries if entry["event"] in names]

    def refusals(self) -> set[str]:
        """Return the fingerprints of refusals that stand in the ledger already."""
        return {e["fingerprint"] for e in self.entries if e["event"] == "extract_refused"}


def _revised(entry: dict[str, Any]) -> dict[str, Any]:
    hashes = entry.get("landing_hashes", {})
    records = [
        {
            **record,
            "path": str(Path(record["path"]).with_name(f"{stored_name(entry)}.parquet")),
            "sha256": hashes.get(record["record"]),
        }
        for record in entry["records"]
    ]
    return entry | {"records": records}


@dataclass(frozen=True)
class Head:
    """How many lines were written at least, the hash of the last, and the keyed hash of both."""

    count: int
    last: str
    keyed: str

    def is_of(self, key: bytes) -> bool:
        """Return whether the head was written with this key."""
        return self.keyed == keyed_chain.head_hash(key, self.count, self.last)


def read_head(home: Home) -> Head | None:
    """Return what the head says, if one is held."""
    return _read_head(_head_of(home.ledger))


def _head_of(ledger: Path) -> Path:
    return ledger.with_name("ledger.head")


def _read_head(path: Path) -> Head | None:
    if not path.exists():
        return None
    said = path.read_text(encoding="ascii", errors="replace").split()
    count, last, keyed = (said + [""] * 3)[:3]
    return Head(int(count), last, keyed) if count.isdigit() and int(count) else None


def _entry(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except (ValueError, UnicodeDecodeError):
        entry = None
    if not isinstance(entry, dict):
        raise LedgerError(f"{path}, line {number}: not a ledger line; restore the file")
    return entry


def entry_hash(entry: dict[str, Any]) -> str:
    """Return the hash that a line must carry: over all its content and the line before it."""
    content = {k: v for k, v in entry.items() if k not in ("hash", keyed_chain.FIELD)}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def now() -> str:
    """Return the time of an event in UTC."""
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def extract_id(feed: str, district_code: str, month: date, content_hash: str) -> str:
    """Return the id that these bytes have for this feed, district and month, and always will."""
    text = f"{feed}/{district_code}/{month.isoformat()}/{content_hash}"
    return "x" + hashlib.sha256(text.encode()).hexdigest()[:24]
