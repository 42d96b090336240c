"""One delivery through DuckDB: typed, judged, keyed, written to landing and quarantine."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from openlsi.extract.database import Database, identity_spec
from openlsi.extract.landing import finish, hashed, landing_path, unfinished, writing
from openlsi.extract.layouts import Layout
from openlsi.extract.quarantine import Quarantined, reasons, set_aside, write_quarantine
from openlsi.extract.reading import RawDelivery
from openlsi.extract.records import FeedDefinition, Record
from openlsi.extract.slot import ROW_AT_FAULT, Slot
from openlsi.extract.statements import RecordStatements
from openlsi.extract.totals import (
    RowsLostError,
    Sums,
    check_pounds_add,
    check_rows_add,
    check_trailer,
    totals,
)
from openlsi.identity.birth_facts import age_month_sql, age_sql
from openlsi.identity.identities import learn_identities


@dataclass
class Extraction:
    """What one delivery came to, before it is put in place."""

    records: list[dict[str, object]] = field(default_factory=list)
    sums: dict[str, Sums] = field(default_factory=dict)
    written: dict[Path, Path] = field(default_factory=dict)
    sealed: dict[str, pa.Table] = field(default_factory=dict)


def extract(
    database: Database, slot: Slot, layout: Layout, raw: RawDelivery, label: str
) -> dict[str, Any]:
    """Type, key and write one delivery; everything it did is undone if it is refused.

    Returns the control totals for the ledger. When this returns the files are in place; they count
    once the ledger names them.
    """
    connection = database.connection
    statements = database.statements(layout)
    definition = database.definitions[layout.feed]
    extraction = Extraction()
    connection.begin()
    try:
        for name, table in raw.tables.items():
            connection.register(f"raw_{name}", table.rows)
        extraction.sums = _judged(connection, definition, statements, raw)
        unreadable = check_trailer(label, layout, raw, extraction.sums)
        event = _set_aside(database, slot, definition, raw, extraction, statements)
        event["unreadable_gbp"] = f"{unreadable:.2f}"
        for record in statements:
            land(database, slot, record, extraction)
        if extraction.sealed:
            path = database.vault.segment_path(slot.extract_id)
            extraction.written[path] = unfinished(path)
            content = database.vault.seal(slot.extract_id, extraction.sealed)
            with writing(path):
                extraction.written[path].write_bytes(content)
        hashes = finish(extraction.written)
        event["records"] = hashed(extraction.records, database.home.landing, hashes)
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


def _judged(
    connection: duckdb.DuckDBPyConnection,
    definition: FeedDefinition,
    statements: list[RecordStatements],
    raw: RawDelivery,
) -> dict[str, Sums]:
    """Type every record, find the rows at fault, and return the sums of each record."""
    rows = {name: table.rows.num_rows for name, table in raw.tables.items()}
    for record in statements:
        judge(connection, record, rows[record.mapping.driving])
    # Only when each record is judged is it known which physical rows are set aside.
    spread_faults(connection, statements)
    return {
        record.record: totals(connection, record, definition, rows[record.mapping.driving])
        for record in statements
    }


def _set_aside(
    database: Database,
    slot: Slot,
    definition: FeedDefinition,
    raw: RawDelivery,
    extraction: Extraction,
    statements: list[RecordStatements],
) -> dict[str, Any]:
    """Quarantine the rows at fault and return the control totals, which must add up."""
    sums = extraction.sums
    quarantined = Quarantined([], 0, None)
    if raw.broken or any(s.candidate_rows > s.accepted_rows for s in sums.values()):
        quarantined = set_aside(database.connection, slot, definition, statements, raw)
        extraction.written |= write_quarantine(database.home, slot, quarantined.rows)
        if quarantined.raw_rows is not None:
            extraction.sealed["quarantined_rows"] = quarantined.raw_rows
    check_rows_add(raw, statements, sums, quarantined.physical_rows)
    check_pounds_add(sums[definition.control.record], quarantined.gbp)
    physical = quarantined.physical_rows
    return {
        "physical_rows": raw.physical_rows,
        "structural_rows": raw.structural_rows,
        "accepted_rows": raw.physical_rows - raw.structural_rows - physical,
        "quarantined_rows": physical,
        "accepted_gbp": f"{sums[definition.control.record].accepted_gbp or Decimal(0):.2f}",
        "quarantined_gbp": f"{quarantined.gbp:.2f}",
        "quarantine_reasons": reasons(quarantined.rows),
    }


def judge(connection: duckdb.DuckDBPyConnection, statements: RecordStatements, rows: int) -> None:
    """Type one record and find the first fault of each row; `rows` is what its table holds."""
    typed = f"typed_{statements.record}"
    connection.execute(statements.typed)
    if statements.mapping.lookups:
        _set_aside_fan_out(connection, statements, rows)
    identifiers = statements.definition.identifiers
    unique = ", ".join(
        f"i_{name}" if name in identifiers else f"v_{name}" for name in statements.definition.unique
    )
    repeated = (
        f"from {typed} where fault = 0 group by {unique} having count(*) > 1"  # hash, no sort
    )
    if connection.execute(f"select 1 {repeated} limit 1").fetchone() is None:
        return
    # The first of equal keys stays: which of them is right cannot be told from the file.
    connection.execute(
        f"""
        update {typed} set fault = {statements.duplicate_fault}, value_kind = 'repeated key'
        where rowid in (
            select rowid from (
                select rowid, row_number() over (
                    partition by {unique} order by source_row, block_number
                ) as occurrence
                from {typed}
                where fault = 0
            ) as occurrences
            where occurrence > 1
        )
        """
    )


def spread_faults(
    connection: duckdb.DuckDBPyConnection, statements: list[RecordStatements]
) -> None:
    """Set aside the whole of each physical row that gives several records, if one is at fault."""
    for record in statements:
        others = [
            f"select source_row from typed_{other.record} where fault > 0"
            for other in statements
            if other.mapping.driving == record.mapping.driving and other is not record
        ]
        if others:
            connection.execute(
                f"update typed_{record.record} set fault = {ROW_AT_FAULT}"
                f" where fault = 0 and source_row in ({' union all '.join(others)})"
            )


def _set_aside_fan_out(
    connection: duckdb.DuckDBPyConnection, statements: RecordStatements, driving: int
) -> None:
    """Keep one copy, at fault, of a row for which a look-up table holds several rows."""
    typed = f"typed_{statements.record}"
    (rows,) = connection.execute(f"select count(*) from {typed}").fetchone() or (0,)
    if rows == driving:
        return
    connection.execute(
        f"""
        create or replace temp table fanned_out as
        select source_row, block_number, min(rowid) as kept from {typed}
        group by source_row, block_number having count(*) > 1
        """
    )
    connection.execute(
        f"""
        delete from {typed}
        where (source_row, block_number) in (select (source_row, block_number) from fanned_out)
            and rowid not in (select kept from fanned_out)
        """
    )
    connection.execute(
        f"update {typed} set fault = {statements.duplicate_fault}, value_kind = 'several rows'"
        " where (source_row, block_number) in (select (source_row, block_number) from fanned_out)"
    )


def land(
    database: Database,
    slot: Slot,
    statements: RecordStatements,
    extraction: Extraction,
) -> None:
    """Key the identities of one record and write its accepted rows under an unfinished name."""
    record, definition = statements.record, statements.definition
    spec = identity_spec(slot.feed, record, definition, database.links)
    fresh = learn_identities(database.connection, database.vault.keys, spec, f"typed_{record}")
    if fresh is not None:
        extraction.sealed[f"identity_{spec.record}"] = fresh
    relative = landing_path(slot.feed, record, slot.district_code, slot.month, slot.extract_id)
    target = database.home.landing / relative
    source = unfinished(target)
    extraction.written[target] = source
    with writing(target):
        copied = database.connection.execute(
            _copy_sql(slot, statements, spec.known, source, database.links)
        ).fetchone()
    sums = extraction.sums[record]
    if copied is None or copied[0] != sums.accepted_rows:
        raise RowsLostError(record, sums.accepted_rows, copied[0] if copied else 0)
    gbp = None if sums.accepted_gbp is None else str(sums.accepted_gbp)
    extraction.records.append(
        {"record": record, "path": relative, "rows": sums.accepted_rows, "gbp": gbp}
    )


def _copy_sql(
    slot: Slot, statements: RecordStatements, known: str, source: Path, links: frozenset[str]
) -> str:
    """Return SQL that writes the accepted rows of one record to a file."""
    path = str(source).replace("'", "''")
    return f"""
        copy (
            select
                '{slot.extract_id}' as extract_id,
                '{slot.district_code}' as district_code,
                date '{slot.month.isoformat()}' as month,
                source_row,
                {", ".join(_landing_columns(statements.definition, slot.month_end, links))}
            from typed_{statements.record} join {known} as known using (identity)
            where fault = 0
        ) to '{path}' (format parquet, compression zstd, compression_level 1)
        """


def _landing_columns(definition: Record, month_end: date, links: frozenset[str]) -> list[str]:
    columns = []
    for name, column in definition.columns.items():
        born = f"v_{column.of[0]}" if column.of else ""
        if column.type == "age":
            age = age_sql(born, f"date '{month_end.isoformat()}'")
            columns.append(f"cast({age} as integer) as {name}")
        elif column.type == "age_month":
            columns.append(f"{age_month_sql(born, column.years or 0)} as {name}")
        elif column.type == "born_on_or_after":
            columns.append(f"{born} >= date '{column.day}' as {name}")
        elif column.link is not None and column.link not in links:
            # No gateway is named for this sharing, so no linking key is ever made.
            columns.append(f"cast(null as varchar) as {name}")
        elif column.is_derived:
            columns.append(f"known.{name}")
        else:
            columns.append(f"v_{name} as {name}")
    return columns
