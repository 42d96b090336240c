"""One district's loading: each of its deliveries up to, not including, its line in the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from openlsi.config import District
from openlsi.extract.database import Database, open_database
from openlsi.extract.delivery import Delivery, place_of
from openlsi.extract.extracting import extract
from openlsi.extract.fields import RowsDoNotAddError
from openlsi.extract.landing import stored_name
from openlsi.extract.layouts import Layout
from openlsi.extract.limits import FileLimits
from openlsi.extract.originals import Original, seal_originals, sealed_path
from openlsi.extract.prepared import Opened, Prepared, prepare
from openlsi.extract.records import FeedDefinition
from openlsi.extract.refusals import RefusedFileError
from openlsi.extract.totals import RowsLostError
from openlsi.extract.versions import Held, check_label
from openlsi.home import Home
from openlsi.identity.keys import DistrictKeys
from openlsi.identity.vault import Vault

# Planning the statements of a small extract costs more than its rows do; of a dozen together it
# costs as much as of one. The bytes keep a batch of large extracts in memory.
_MOST_DELIVERIES, _MOST_BYTES = 12, 24_000_000

_REFUSALS = (RefusedFileError, RowsDoNotAddError, RowsLostError, duckdb.OutOfMemoryException)


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
    erasures: tuple[str, ...] = ()
    released: dict[str, str] = field(default_factory=dict)
    limits: FileLimits = field(default_factory=FileLimits)


@dataclass
class Outcome:
    """What became of one delivery: accepted (an event for the ledger), unchanged, or refused.

    `sealed` are files of the inbox whose bytes lie sealed in the vault, with their marks: they go
    once the ledger names their extract.
    """

    label: str
    accepted: dict[str, Any] | None = None
    restated: list[dict[str, Any]] = field(default_factory=list)
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
                task.home,
                vault,
                task.definitions,
                task.links,
                committed,
                task.memory_limit,
                task.erasures,
            )
        return self.opened

    def close(self) -> None:
        """Let go of the database and every identifier in it."""
        if self.opened is not None:
            self.opened.connection.close()


def open_session(task: Task) -> Session:
    """Return a session that knows what the ledger holds of the district."""
    return Session(task, Held.of(task.accepted, task.released))


def load_deliveries(session: Session, deliveries: Sequence[Delivery]) -> Iterator[Outcome]:
    """Load deliveries up to their lines in the ledger, several of one layout at a time.

    Outcomes come in the order of the deliveries; a refusal is an outcome, never raised.
    """
    for batch in _batches(deliveries):
        yield from _load_batch(session, batch)


def _batches(deliveries: Sequence[Delivery]) -> Iterator[list[Delivery]]:
    batch: list[Delivery] = []
    for delivery in deliveries:
        size = sum(one.bytes for one in batch) + delivery.bytes
        if batch and (
            delivery.layout != batch[0].layout
            or len(batch) == _MOST_DELIVERIES
            or size > _MOST_BYTES
        ):
            yield batch
            batch = []
        batch.append(delivery)
    if batch:
        yield batch


def _load_batch(session: Session, batch: list[Delivery]) -> list[Outcome]:
    before = session.held.copy()
    outcomes, new = [], []
    for delivery in batch:
        outcome, prepared = _prepared(session, delivery)
        outcomes.append(outcome)
        if prepared is not None:
            session.held.add(prepared.expected)
            new.append((outcome, prepared))
    try:
        _extract(session, new)
    except _REFUSALS as error:
        if len(batch) > 1:
            # One of them is at fault. Each on its own, so that the others are loaded.
            session.held = before
            return [outcome for one in batch for outcome in _load_batch(session, [one])]
        session.held = before
        new[0][0].refused = _refusal(session, new[0][1].delivery, error)
    return outcomes


def _prepared(session: Session, delivery: Delivery) -> tuple[Outcome, Prepared | None]:
    """Read one delivery; None where it is refused, or loaded already."""
    outcome, task = Outcome(delivery.label, bytes=delivery.bytes), session.task
    try:
        opened = Opened.read(delivery, task.limits)
        outcome.content_hash = opened.content_hash
        known = session.held.known(delivery, opened.hashes.values(), outcome.content_hash)
        if known is None:
            layout = task.layouts[delivery.layout]
            return outcome, prepare(
                delivery, opened, layout, task.district, task.keys, session.held, task.limits,
                task.why,
            )  # fmt: skip
        check_label(delivery, known)
        outcome.sealed = _sealed(task, delivery, opened.originals, known)
    except _REFUSALS as error:
        outcome.refused = _refusal(session, delivery, error)
    return outcome, None


def _extract(session: Session, new: list[tuple[Outcome, Prepared]]) -> None:
    """Type and write what is new, all of it or nothing; put the events into the outcomes."""
    if not new:
        return
    task = session.task
    layout = task.layouts[new[0][1].delivery.layout]
    items = [prepared.item(number) for number, (_, prepared) in enumerate(new)]
    for (outcome, prepared), totals in zip(
        new, extract(session.database(), layout, items), strict=True
    ):
        events = [prepared.event(one) for one in totals]
        outcome.restated, outcome.accepted = events[:-1], events[-1]
        session.held.add_restated(events[:-1])
        outcome.sealed = _sealed(
            task, prepared.delivery, prepared.opened.originals, outcome.accepted
        )


def _refusal(session: Session, delivery: Delivery, error: Exception) -> RefusedFileError:
    """Return what is said of a delivery that cannot be loaded."""
    if isinstance(error, RefusedFileError):
        for path in delivery.present.values():
            error = error.at(path.name, place_of(path, delivery.inbox))
        return error
    if isinstance(error, duckdb.OutOfMemoryException):
        return RefusedFileError(
            delivery.label, "more rows than fit in memory", session.task.memory_limit,
            "raise loading.memory_limit in limits.yml",
        )  # fmt: skip
    return RefusedFileError(
        delivery.label, f"rows that do not add up ({error})", "every row in one place",
        "report this with the layout's name",
    )  # fmt: skip


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
