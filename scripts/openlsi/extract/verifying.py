"""`lsi ledger verify`: the chain line by line, and every landing file that a line names.

Reads only. Where reading the ledger stops at the first fault, this says what kind each one is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from openlsi.extract.chain import START, Ledger, entry_hash, read_head
from openlsi.extract.landing import file_hash
from openlsi.home import Home


@dataclass(frozen=True)
class Trouble:
    """One fault: the line of the ledger that it shows at, where it has one, and what it is."""

    line: int | None
    what: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}" if self.line else self.what


@dataclass(frozen=True)
class Verified:
    """What was checked, what is wrong, and what lies in landing that no line names."""

    lines: int
    files: int
    unhashed: int
    troubles: tuple[Trouble, ...]
    orphans: tuple[str, ...]


def verify_ledger(home: Home) -> Verified:
    """Check the whole ledger and its landing files; return every fault, in the order of lines."""
    content = home.ledger.read_bytes() if home.ledger.exists() else b""
    whole = content[: content.rfind(b"\n") + 1]
    lines = [_parsed(line) for line in whole.splitlines()]
    troubles = [*_chain_troubles(lines), *_end_troubles(home, lines)]
    if len(whole) < len(content):
        troubles.append(
            Trouble(
                len(lines) + 1,
                "torn: a last line without its end, as a crash leaves it; it never counted, and"
                " the next `lsi load` cuts it off",
            )
        )
    if troubles:
        # Lines that cannot be trusted name no files that could be held against anything.
        return Verified(len(lines), 0, 0, tuple(troubles), ())
    return _with_files(home, [line for line in lines if line is not None])


def _with_files(home: Home, entries: Sequence[dict[str, Any]]) -> Verified:
    accepted = Ledger(home.ledger, list(entries)).accepted()
    named = {
        record["path"]: (int(entry["sequence"]), record)
        for entry in accepted
        for record in entry["records"]
    }
    troubles = [
        trouble
        for path, (line, record) in sorted(named.items(), key=lambda item: item[1][0])
        if (trouble := _file_trouble(home.landing, path, line, record))
    ]
    orphans = sorted(
        str(path.relative_to(home.landing))
        for path in home.landing.rglob("*")
        if path.is_file() and str(path.relative_to(home.landing)) not in named
    )
    unhashed = sum(not record.get("sha256") for _, record in named.values())
    return Verified(len(entries), len(named), unhashed, tuple(troubles), tuple(orphans))


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except (ValueError, UnicodeDecodeError):
        return None
    return entry if isinstance(entry, dict) else None


def _chain_troubles(lines: Sequence[dict[str, Any] | None]) -> Iterator[Trouble]:
    """Tell of each line whether it was edited, and whether it follows the line above it."""
    place = {entry.get("hash"): number for number, entry in enumerate(lines, 1) if entry}
    previous: object = START
    for number, entry in enumerate(lines, 1):
        if entry is None:
            yield Trouble(number, "not a line of a ledger; it was edited")
            previous = None
            continue
        if entry.get("hash") != entry_hash(entry):
            yield Trouble(number, "edited: its content is not what its hash was made of")
        # After an unreadable line nothing is known of what should come before.
        elif previous is not None and entry.get("previous_hash") != previous:
            yield Trouble(number, _out_of_place(entry, number, place))
        previous = entry.get("hash")


def _out_of_place(entry: Mapping[str, Any], number: int, place: Mapping[object, int]) -> str:
    """Say why a line that is whole does not follow the one above it."""
    before = entry.get("previous_hash")
    follows = 0 if before == START else place.get(before)
    if follows is None:
        return "the line above it was deleted, or this one was inserted"
    if follows > number:
        return f"reordered: it follows what is now line {follows}"
    return "inserted lines stand above it, or it was moved down"


def _end_troubles(home: Home, lines: Sequence[dict[str, Any] | None]) -> Iterator[Trouble]:
    head = read_head(home)
    if head is None:
        if lines:
            yield Trouble(
                None, "ledger.head is missing: whether lines at the end are lost cannot be told"
            )
        return
    count, last = head
    if len(lines) < count:
        yield Trouble(len(lines) + 1, f"lost end: {len(lines)} lines found, {count} were written")
    elif count and (entry := lines[count - 1]) is not None and entry.get("hash") != last:
        yield Trouble(count, "not the line that was written here last; the ledger was replaced")


def _file_trouble(landing: Path, path: str, line: int, record: Mapping[str, Any]) -> Trouble | None:
    """Hold one landing file against the line that names it; lines of old hold its rows only."""
    file = landing / path
    if not file.is_file():
        return Trouble(line, f"landing/{path} is missing")
    if record.get("sha256"):
        if file_hash(file) != record["sha256"]:
            return Trouble(line, f"landing/{path} was changed since it was landed")
        return None
    try:
        rows = pq.read_metadata(file).num_rows
    except (OSError, pa.ArrowInvalid):
        rows = None
    if rows != record["rows"]:
        return Trouble(line, f"landing/{path} was changed: {record['rows']:,} rows were landed")
    return None
