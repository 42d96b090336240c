"""A batch of deliveries through DuckDB: typed, judged, keyed, written to landing and quarantine."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from openlsi.extract.batch import Extraction, Item, Sums, event_of
from openlsi.extract.database import Database, identity_spec
from openlsi.extract.erased_people import set_aside_erased
from openlsi.extract.judging import judge_batch, spread_faults
from openlsi.extract.landed_rows import land
from openlsi.extract.landing import finish, hashed, unfinished, writing
from openlsi.extract.layouts import Layout
from openlsi.extract.quarantine import Quarantined, reasons, set_aside, write_quarantine
from openlsi.extract.slot import ERASED
from openlsi.extract.statements import RecordStatements
from openlsi.extract.totals import (
    check_pounds_add,
    check_rows_add,
    check_trailer,
    totals,
)
from openlsi.identity.identities import learn_identities


def extract(
    database: Database, layout: Layout, items: Sequence[Item]
) -> list[list[dict[str, Any]]]:
    """Type, key and write a batch of deliveries; everything is undone if one of them is refused.

    Returns for each delivery the events for the ledger, with their control totals: one for each
    month that a history restates, then its own. When this returns the files are in place; they
    count once the ledger names them.
    """
    connection, written = database.connection, dict[Path, Path]()
    extractions = [Extraction(item) for item in items]
    connection.begin()
    try:
        statements = _typed(database, layout, extractions)
        for extraction in extractions:
            _set_aside(database, layout, extraction, statements, written)
        for record in statements:
            _learn(database, layout.feed, record, extractions)
            land(database, layout, statements, record, extractions, written)
        for extraction in extractions:
            _seal(database, extraction, written)
        hashes = finish(written)
        for one in extractions:
            for _, event in one.events:
                event["records"] = hashed(event["records"], database.home.landing, hashes)
        connection.commit()
    except BaseException:
        connection.rollback()
        for source in written.values():
            source.unlink(missing_ok=True)
        raise
    finally:
        for name in layout.read_tables:
            connection.unregister(f"raw_{name}")
    return [[event for _, event in one.events] for one in extractions]


def _typed(
    database: Database, layout: Layout, extractions: list[Extraction]
) -> list[RecordStatements]:
    """Type every record, find the rows at fault, and give each delivery its sums."""
    connection, statements = database.connection, database.statements(layout)
    definition = database.definitions[layout.feed]
    judge_batch(connection, layout, statements, [one.item for one in extractions])
    set_aside_erased(database, layout.feed, statements)
    if database.has_erased:
        spread_faults(connection, statements)
    for record in statements:
        sums = totals(connection, statements, record, definition, layout)
        for one in extractions:
            one.sums[record.record] = sums.get(one.item.number, Sums())
    return statements


def _set_aside(
    database: Database,
    layout: Layout,
    extraction: Extraction,
    statements: list[RecordStatements],
    written: dict[Path, Path],
) -> None:
    """Quarantine the rows at fault of one delivery; its control totals must add up."""
    item, sums = extraction.item, extraction.sums
    definition, raw = database.definitions[layout.feed], item.raw
    unreadable = check_trailer(item.label, layout, raw, sums)
    quarantined = Quarantined([], 0, None)
    if raw.broken or any(s.candidate_rows > s.accepted_rows for s in sums.values()):
        quarantined = set_aside(
            database.connection, item, definition, statements, layout, database.has_erased
        )
        # Of somebody who was erased totals are kept, and no line of their own.
        told = [row for row in quarantined.rows if row["reason"] != ERASED]
        written |= write_quarantine(database.home, item.slot, told)
        if quarantined.raw_rows is not None:
            extraction.sealed["quarantined_rows"] = quarantined.raw_rows
    check_rows_add(raw, layout, statements, sums, quarantined.physical_rows)
    control = sums.get(definition.control.record, Sums())
    check_pounds_add(control, quarantined.gbp)
    extraction.event = event_of(
        item.slot, raw.physical_rows, raw.structural_rows, quarantined.physical_rows
    ) | {
        "accepted_gbp": f"{control.accepted_gbp or Decimal(0):.2f}",
        "quarantined_gbp": f"{quarantined.gbp:.2f}",
        "unreadable_gbp": f"{unreadable:.2f}",
        "quarantine_reasons": reasons(quarantined.rows),
    }
    extraction.restated = [event_of(slot) for slot in item.restated]


def _learn(
    database: Database, feed: str, record: RecordStatements, extractions: list[Extraction]
) -> None:
    """Key the identities of one record; each goes to the vault with the first delivery it is in."""
    spec = identity_spec(feed, record.record, record.definition, database.links)
    typed = f"typed_{record.record}"
    fresh = learn_identities(database.connection, database.vault.keys, spec, typed)
    if fresh is None:
        return
    for one in extractions:
        own = fresh.filter(pc.equal(fresh["delivery"], one.item.number)).drop_columns("delivery")
        if own.num_rows:
            one.sealed[f"identity_{spec.record}"] = own


def _seal(database: Database, extraction: Extraction, written: dict[Path, Path]) -> None:
    if not extraction.sealed:
        return
    slot = extraction.item.slot
    path = database.vault.segment_path(slot.extract_id)
    written[path] = unfinished(path)
    content = database.vault.seal(slot.extract_id, extraction.sealed)
    with writing(path):
        written[path].write_bytes(content)
