"""`lsi ledger verify`: the chain line by line, and every landing file that a line names.

With the master key at hand, each line's keyed hash too. Reads only. Where reading the ledger stops
at the first fault, this says what kind each one is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from openlsi.config import load_configuration
from openlsi.extract import keyed_chain
from openlsi.extract.chain import START, Ledger, entry_hash, read_head
from openlsi.extract.landing import file_hash
from openlsi.home import Home
from openlsi.identity.keys import KeyFileError, master_key


@dataclass(frozen=True)
class Trouble:
    """One fault: the line of the ledger that it shows at, where it has one, and what it is."""

    line: int | None
    what: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}" if self.line else self.what


@dataclass(frozen=True)
class Verified:
    """What was checked, what is wrong, and what lies in landing that no line names.

    `plain` lines were written before the ledger was keyed; `no_key` says why keyed hashes could not
    be checked, and is empty where they were.
    """

    lines: int
    plain: int
    no_key: str
    files: int
    unhashed: int
    troubles: tuple[Trouble, ...]
    orphans: tuple[str, ...]


def verify_ledger(home: Home) -> Verified:
    """Check the whole ledger and its landing files; return every fault, in the order of lines."""
    content = home.ledger.read_bytes() if home.ledger.exists() else b""
    whole = content[: content.rfind(b"\n") + 1]
    lines = [_parsed(line) for line in whole.splitlines()]
    key, no_key = _key(home)
    troubles = [
        *_chain_troubles(lines),
        *_key_troubles(lines, key),
        *_end_troubles(home, lines, key),
    ]
    if len(whole) < len(content):
        troubles.append(
            Trouble(
                len(lines) + 1,
                "torn: a last line without its end, as a crash leaves it; it never counted, and"
                " the next `lsi load` cuts it off",
            )
        )
    verified = Verified(
        len(lines), keyed_chain.first_keyed(lines), no_key, 0, 0, tuple(troubles), ()
    )
    if troubles:
        # Lines that cannot be trusted name no files that could be held against anything.
        return verified
    return _with_files(home, verified, [line for line in lines if line is not None])


def _key(home: Home) -> tuple[bytes | None, str]:
    """Return the key of the ledger, or why there is none to be had."""
    is_demo = load_configuration(home).is_demo
    try:
        return master_key(home, is_demo, may_make=False).derive(keyed_chain.PURPOSE), ""
    except KeyFileError as error:
        return None, str(error)


def _with_files(home: Home, verified: Verified, entries: Sequence[dict[str, Any]]) -> Verified:
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
    return replace(
        verified,
        files=len(named),
        unhashed=unhashed,
        troubles=tuple(troubles),
        orphans=tuple(orphans),
    )


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


def _key_troubles(lines: Sequence[dict[str, Any] | None], key: bytes | None) -> Iterator[Trouble]:
    """Tell of lines that somebody wrote without the master key."""
    first = keyed_chain.first_keyed(lines)
    for number, entry in enumerate(lines[first:], first + 1):
        if entry is None:
            continue
        if keyed_chain.FIELD not in entry:
            yield Trouble(number, "written without the master key: it has no keyed hash")
        elif key is not None and not keyed_chain.is_of(key, entry):
            yield Trouble(
                number,
                "its keyed hash is not of this master key: written without it, or another key is"
                " set than the ledger was written with",
            )


def _end_troubles(
    home: Home, lines: Sequence[dict[str, Any] | None], key: bytes | None
) -> Iterator[Trouble]:
    head = read_head(home)
    if head is None:
        if lines:
            yield Trouble(
                None, "ledger.head is missing: whether lines at the end are lost cannot be told"
            )
        return
    if len(lines) < head.count:
        yield Trouble(
            len(lines) + 1, f"lost end: {len(lines)} lines found, {head.count} were written"
        )
        return
    last = lines[head.count - 1]
    if last is not None and last.get("hash") != head.last:
        yield Trouble(
            head.count, "not the line that was written here last; the ledger was replaced"
        )
    elif key is not None and last and keyed_chain.FIELD in last and not head.is_of(key):
        yield Trouble(
            None,
            "ledger.head was not written with this master key: whether lines at the end are lost"
            " cannot be told",
        )


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
