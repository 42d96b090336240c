"""One district's loading: each of its deliveries up to, not including, its line in the ledger."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from openlsi.config import District
from openlsi.extract import chain
from openlsi.extract.database import Database, open_database
from openlsi.extract.delivery import Delivery, check_whose, place_of
from openlsi.extract.extracting import extract
from openlsi.extract.landing import stored_name
from openlsi.extract.layouts import Layout
from openlsi.extract.limits import FileLimits
from openlsi.extract.originals import Original, seal_originals, sealed_path
from openlsi.extract.patterns import parse_month, written_name
from openlsi.extract.reading import (
    RawDelivery,
    RowsDoNotAddError,
    read_delimited,
    read_tagged,
)
from openlsi.extract.records import FeedDefinition
from openlsi.extract.refusals import RefusedFileError
from openlsi.extract.slot import Slot
from openlsi.extract.totals import RowsLostError
from openlsi.extract.versions import Held, check_label, check_version
from openlsi.extract.workbook import read_workbook_extract
from openlsi.home import Home
from openlsi.identity.keys import DistrictKeys
from openlsi.identity.vault import Vault


@dataclass(frozen=True)
class Task:
    """All that a worker needs to load one district; holds no secret but the keys."""

    home: Home
    district: District
    keys: DistrictKeys
    layouts: dict[str, Layout]
    definitions: dict[str, FeedDefinition]
    deliveries: list[Delivery]
    accepted: list[dict[str, Any]]
    memory_limit: str
    links: frozenset[str] = frozenset()
    why: str | None = None
    recipient: str | None = None
    limits: FileLimits = field(default_factory=FileLimits)


@dataclass
class Outcome:
    """What became of one delivery: accepted (an event for the ledger), unchanged, or refused.

    `sealed` are files of the inbox whose bytes lie sealed in the vault, with their marks: they go
    once the ledger names their extract.
    """

    label: str
    accepted: dict[str, Any] | None = None
    refused: RefusedFileError | None = None
    content_hash: str = ""
    bytes: int = 0
    sealed: list[tuple[Path, tuple[int, int, int]]] = field(default_factory=list)


@dataclass
class Session:
    """The state of loading one district."""

    task: Task
    held: Held
    opened: Database | None = None

    def database(self) -> Database:
        """Return the private database, opened and filled from the vault at first use."""
        if self.opened is None:
            task = self.task
            vault = Vault(task.home.vault / task.district.slug, task.keys)
            committed = [stored_name(event) for event in task.accepted]
            self.opened = open_database(
                task.home, vault, task.definitions, task.links, committed, task.memory_limit
            )
        return self.opened

    def close(self) -> None:
        """Let go of the database and every identifier in it."""
        if self.opened is not None:
            self.opened.connection.close()


def open_session(task: Task) -> Session:
    """Return a session that knows what the ledger holds of the district."""
    return Session(task, Held.of(task.accepted))


def load_delivery(session: Session, delivery: Delivery) -> Outcome:
    """Load one delivery up to its line in the ledger; a refusal is returned, never raised."""
    outcome = Outcome(delivery.label, bytes=delivery.bytes)
    try:
        originals = {
            table: Original.read(path, delivery.inbox, session.task.limits)
            for table, path in delivery.present.items()
        }
    except RefusedFileError as refusal:
        outcome.refused = refusal
        return outcome
    contents = {table: original.content for table, original in originals.items()}
    hashes = {table: hashlib.sha256(content).hexdigest() for table, content in contents.items()}
    outcome.content_hash = content_hash(hashes)
    known = session.held.known(delivery, hashes.values(), outcome.content_hash)
    if known is not None:
        try:
            check_label(delivery, known)
        except RefusedFileError as refusal:
            outcome.refused = refusal
            return outcome
        outcome.sealed = _sealed(session.task, delivery, originals, known)
        return outcome
    try:
        event = _load_new(session, delivery, contents, hashes, outcome.content_hash)
        outcome.sealed = _sealed(session.task, delivery, originals, event)
        outcome.accepted = event
    except RefusedFileError as refusal:
        outcome.refused = refusal
        for path in delivery.present.values():
            outcome.refused = outcome.refused.at(path.name, place_of(path, delivery.inbox))
    except (RowsDoNotAddError, RowsLostError) as error:
        outcome.refused = RefusedFileError(
            delivery.label, f"rows that do not add up ({error})", "every row in one place",
            "report this with the layout's name",
        )  # fmt: skip
    except duckdb.OutOfMemoryException:
        outcome.refused = RefusedFileError(
            delivery.label, "more rows than fit in memory", session.task.memory_limit,
            "raise loading.memory_limit in limits.yml",
        )  # fmt: skip
    return outcome


def _sealed(
    task: Task, delivery: Delivery, originals: dict[str, Original], event: dict[str, Any]
) -> list[tuple[Path, tuple[int, int, int]]]:
    """Seal the originals of an extract unless that is done; return the files that may go."""
    if task.recipient is None:
        return []
    path = sealed_path(task.home, task.district.slug, event["extract_id"])
    if not path.exists():
        if len(delivery.present) < len(delivery.files):
            # Loaded before sealing was asked for, and only a part is left: it stays where it is.
            return []
        by_name = {original.path.name: original.content for original in originals.values()}
        seal_originals(path, by_name, task.recipient)
    return [(original.path, original.mark) for original in originals.values()]


def content_hash(hashes: dict[str, str]) -> str:
    """Return the hash of a delivery's content: its files' hashes by table, whatever their names."""
    text = "\n".join(f"{table}={hashes[table]}" for table in sorted(hashes))
    return hashlib.sha256(text.encode()).hexdigest()


def _load_new(
    session: Session, delivery: Delivery, contents: dict[str, bytes], hashes: dict[str, str],
    content: str,
) -> dict[str, Any]:  # fmt: skip
    task, layout = session.task, session.task.layouts[delivery.layout]
    _refuse_incomplete(delivery, layout, task.district)
    check_whose(delivery, task.district, None)
    raw = read_files(layout, delivery, contents, task.limits)
    check_whose(delivery, task.district, raw.header.district)
    month = _month(delivery, raw)
    produced_at = raw.header.produced_at or delivery.produced_at
    is_reissue = check_version(session.held, delivery, month, produced_at, task.why)
    slot = Slot(
        delivery.feed, task.district.code, month,
        chain.extract_id(delivery.feed, task.district.code, month, content),
    )  # fmt: skip
    event = extract(session.database(), slot, layout, raw, delivery.label)
    event |= {
        "event": "extract_accepted",
        "extract_id": slot.extract_id,
        "feed": slot.feed,
        "district_code": slot.district_code,
        "month": month.isoformat(),
        "layout": layout.layout,
        "mode": layout.mode,
        "key_id": task.keys.key_id,
        "key_check": task.keys.check_value(),
        "produced_at": produced_at.isoformat() if produced_at else None,
        "loaded_at": chain.now(),
        "is_reissue": is_reissue,
        "why": task.why if is_reissue else None,
        "content_hash": content,
        "files": [
            {"name": path.name, "table": table, "sha256": hashes[table],
             "bytes": len(contents[table])}
            for table, path in delivery.present.items()
        ],
    }  # fmt: skip
    session.held.add(event)
    return event


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
