"""One district's loading: a private DuckDB in memory, its vault, and what it has loaded before."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from openlsi.config import District
from openlsi.extract import chain
from openlsi.extract.delivery import Delivery, check_whose
from openlsi.extract.extracting import (
    Extraction,
    RowsLostError,
    Slot,
    check_trailer,
    identity_spec,
    judge,
    land,
)
from openlsi.extract.landing import finish, unfinished
from openlsi.extract.layouts import Layout
from openlsi.extract.patterns import parse_month
from openlsi.extract.quarantine import reasons, set_aside, write_quarantine
from openlsi.extract.reading import RawDelivery, RowsDoNotAddError, read_delimited, read_tagged
from openlsi.extract.records import FeedDefinition
from openlsi.extract.refusals import RefusedFileError
from openlsi.extract.statements import RecordStatements, compile_record
from openlsi.extract.versions import Held, check_version
from openlsi.extract.workbook import read_workbook_extract
from openlsi.home import Home
from openlsi.identity.areas import load_areas
from openlsi.identity.birth_facts import load_pension_age
from openlsi.identity.identities import create_identity_tables, recall_identities
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
    why: str | None = None


@dataclass
class Outcome:
    """What became of one delivery: accepted (an event for the ledger), unchanged, or refused."""

    label: str
    accepted: dict[str, Any] | None = None
    note: str | None = None
    refused: RefusedFileError | None = None
    content_hash: str = ""
    bytes: int = 0


@dataclass
class Session:
    """The state of loading one district."""

    task: Task
    held: Held
    connection: duckdb.DuckDBPyConnection | None = None
    compiled: dict[str, list[RecordStatements]] = field(default_factory=dict)

    @property
    def vault(self) -> Vault:
        """The vault of the district."""
        return Vault(self.task.home.vault / self.task.district.slug, self.task.keys)

    def database(self) -> duckdb.DuckDBPyConnection:
        """Return the private database, opened and filled from the vault at first use."""
        if self.connection is None:
            self.connection = _opened(self.task, self.vault)
        return self.connection

    def statements(self, layout: Layout, definition: FeedDefinition) -> list[RecordStatements]:
        """Return the SQL of each record of a layout, written at first use."""
        if layout.layout not in self.compiled:
            self.compiled[layout.layout] = [
                compile_record(layout, name, record) for name, record in definition.records.items()
            ]
        return self.compiled[layout.layout]


def open_session(task: Task) -> Session:
    """Return a session that knows what the ledger holds of the district."""
    return Session(task, Held.of(task.accepted))


def _opened(task: Task, vault: Vault) -> duckdb.DuckDBPyConnection:
    # No temp directory: a spill file would hold identifiers in the clear.
    connection = duckdb.connect(
        ":memory:",
        config={"threads": 1, "memory_limit": task.memory_limit, "temp_directory": ""},
    )
    load_pension_age(connection, task.home)
    load_areas(connection, task.home)
    specs = [
        identity_spec(name, record)
        for definition in task.definitions.values()
        for name, record in definition.records.items()
    ]
    create_identity_tables(connection, specs)
    sealed = vault.open_all(entry["extract_id"] for entry in task.accepted)
    for spec in specs:
        recall_identities(connection, spec, sealed.get(f"identity_{spec.record}", []))
    return connection


def load_delivery(session: Session, delivery: Delivery) -> Outcome:
    """Load one delivery up to, not including, its line in the ledger; never raises RefusedFileError."""
    contents = {table: path.read_bytes() for table, path in delivery.present.items()}
    hashes = {table: hashlib.sha256(content).hexdigest() for table, content in contents.items()}
    outcome = Outcome(delivery.label, bytes=delivery.bytes)
    outcome.content_hash = content_hash(hashes)
    known = session.held.known(delivery, hashes.values(), outcome.content_hash)
    if known is not None:
        if delivery.month is not None and known != delivery.month.isoformat():
            outcome.note = f"{delivery.label}: the same content is loaded as {known[:7]} already"
        return outcome
    try:
        outcome.accepted = _load_new(session, delivery, contents, hashes, outcome.content_hash)
    except RefusedFileError as refusal:
        outcome.refused = refusal
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


def content_hash(hashes: dict[str, str]) -> str:
    """Return the hash of a delivery's content: its files' hashes by table, whatever their names."""
    text = "\n".join(f"{table}={hashes[table]}" for table in sorted(hashes))
    return hashlib.sha256(text.encode()).hexdigest()


def _load_new(
    session: Session, delivery: Delivery, contents: dict[str, bytes], hashes: dict[str, str],
    content: str,
) -> dict[str, Any]:  # fmt: skip
    task, layout = session.task, session.task.layouts[delivery.layout]
    _refuse_incomplete(delivery, layout)
    check_whose(delivery, task.district, None)
    raw = read_files(layout, delivery, contents)
    check_whose(delivery, task.district, raw.header.district)
    month = _month(delivery, raw)
    produced_at = raw.header.produced_at or delivery.produced_at
    is_reissue = check_version(session.held, delivery, month, produced_at, task.why)
    slot = Slot(
        delivery.feed, task.district.code, month,
        chain.extract_id(delivery.feed, task.district.code, month, content),
    )  # fmt: skip
    event = _extract(session, slot, layout, raw, delivery.label)
    event |= {
        "event": "extract_accepted",
        "extract_id": slot.extract_id,
        "feed": slot.feed,
        "district_code": slot.district_code,
        "month": month.isoformat(),
        "layout": layout.layout,
        "mode": layout.mode,
        "key_id": task.keys.key_id,
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


def _refuse_incomplete(delivery: Delivery, layout: Layout) -> None:
    missing = [layout.files[table].pattern for table, path in delivery.files.items() if not path]
    if missing:
        raise RefusedFileError(
            delivery.label,
            f"{len(delivery.present)} of the {len(delivery.files)} files of its set",
            f"{', '.join(missing)} too", "ask the sender for the whole set",
        )  # fmt: skip


def read_files(layout: Layout, delivery: Delivery, contents: dict[str, bytes]) -> RawDelivery:
    """Return all tables of a delivery as text."""
    parts = []
    for table, content in contents.items():
        path = delivery.files[table]
        assert path is not None
        name = path.name
        if layout.format == "tagged":
            parts.append(read_tagged(layout, name, content))
        elif layout.format == "workbook":
            parts.append(read_workbook_extract(layout, table, name, content))
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
            delivery.label, "no month in its name or header", "a month", "rename the file"
        )
    return month


def _extract(
    session: Session, slot: Slot, layout: Layout, raw: RawDelivery, label: str
) -> dict[str, Any]:
    """Type, key and write one delivery; everything it did is undone if it is refused."""
    connection, home = session.database(), session.task.home
    definition = session.task.definitions[layout.feed]
    statements = session.statements(layout, definition)
    extraction = Extraction()
    connection.begin()
    try:
        for name, table in raw.tables.items():
            connection.register(f"raw_{name}", table.rows)
        for record in statements:
            extraction.sums[record.record] = judge(connection, record, definition, raw)
        beyond = Decimal(0)
        if layout.trailer:
            fields = [("count", f.count) if f.count else ("sum", f.sum or "") for f in
                      layout.trailer.fields]  # fmt: skip
            beyond = check_trailer(label, raw, fields, extraction.sums)
        event = _event(session, slot, definition, raw, extraction, statements)
        event["unreadable_gbp"] = f"{beyond:.2f}"
        for record in statements:
            land(connection, home, session.task.keys, slot, record, extraction)
        event["records"] = extraction.records
        _seal(session, slot, extraction)
        finish(extraction.written)
        connection.commit()
    except BaseException:
        connection.rollback()
        for source in extraction.written.values():
            source.unlink(missing_ok=True)
        raise
    finally:
        for name in raw.tables:
            connection.unregister(f"raw_{name}")
    return event


def _event(
    session: Session, slot: Slot, definition: FeedDefinition, raw: RawDelivery,
    extraction: Extraction, statements: list[RecordStatements],
) -> dict[str, Any]:  # fmt: skip
    """Return the control totals; rows and pounds must add up or the delivery is refused."""
    sums = extraction.sums
    at_fault = sum(s.candidate_rows - s.accepted_rows for s in sums.values())
    rows, physical = [], 0
    if raw.broken or at_fault:
        quarantined = set_aside(session.database(), slot, definition, statements, raw)
        rows, physical = quarantined.rows, quarantined.physical_rows
        extraction.written |= write_quarantine(session.task.home, slot, rows)
        if quarantined.raw_rows is not None:
            extraction.sealed["quarantined_rows"] = quarantined.raw_rows
    if len(rows) != at_fault + len(raw.broken):
        raise RowsLostError("quarantine", at_fault + len(raw.broken), len(rows))
    control = sums[definition.control.record]
    accepted_gbp = control.accepted_gbp or Decimal(0)
    quarantined_gbp = sum((row["gbp"] or Decimal(0) for row in rows), Decimal(0))
    if accepted_gbp + quarantined_gbp != (control.candidate_gbp or Decimal(0)):
        raise RowsLostError("pounds", 0, 0)
    return {
        "physical_rows": raw.physical_rows,
        "structural_rows": raw.structural_rows,
        "accepted_rows": raw.physical_rows - raw.structural_rows - physical,
        "quarantined_rows": physical,
        "accepted_gbp": f"{accepted_gbp:.2f}",
        "quarantined_gbp": f"{quarantined_gbp:.2f}",
        "quarantine_reasons": reasons(rows),
    }


def _seal(session: Session, slot: Slot, extraction: Extraction) -> None:
    if not extraction.sealed:
        return
    target = session.vault.segment_path(slot.extract_id)
    source: Path = unfinished(target)
    extraction.written[target] = source
    source.write_bytes(session.vault.seal(slot.extract_id, extraction.sealed))
