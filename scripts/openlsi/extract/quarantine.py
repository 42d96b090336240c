"""Rows that were set aside: where they stand and why, never what they say.

The reason, the column and the shape of the value go to quarantine; the raw row goes, encrypted, to
the vault of its district.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from openlsi.extract.batch import Item
from openlsi.extract.columns import shape_sql
from openlsi.extract.erased_people import erased_source_rows
from openlsi.extract.landing import quarantine_path, unfinished, writing
from openlsi.extract.layouts import Layout
from openlsi.extract.reading import RawDelivery
from openlsi.extract.records import FeedDefinition
from openlsi.extract.slot import ERASED, ROW_AT_FAULT, Slot
from openlsi.extract.statements import RecordStatements
from openlsi.home import Home

_GBP = pa.decimal128(18, 2)
SCHEMA = pa.schema(
    [
        ("extract_id", pa.string()), ("district_code", pa.string()), ("month", pa.date32()),
        ("file_name", pa.string()), ("source_row", pa.int64()), ("record", pa.string()),
        ("column_name", pa.string()), ("value_kind", pa.string()), ("reason", pa.string()),
        ("gbp", _GBP),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class Quarantined:
    """The rows set aside from one delivery."""

    rows: list[dict[str, Any]]
    physical_rows: int
    raw_rows: pa.Table | None

    @property
    def gbp(self) -> Decimal:
        """The pounds of these rows, where they could be read."""
        return sum((row["gbp"] or Decimal(0) for row in self.rows), Decimal(0))


def set_aside(
    connection: duckdb.DuckDBPyConnection,
    item: Item,
    definition: FeedDefinition,
    statements: list[RecordStatements],
    layout: Layout,
    has_erased: bool = False,
) -> Quarantined:
    """Return every row at fault of a delivery, by row, and its text for the vault.

    No text is kept of a row that speaks of somebody who was erased; nor, once anybody was, of rows
    that cannot be read, for they might.
    """
    rows, physical, slot, delivery = [], set(), item.slot, item.raw
    common = {"extract_id": slot.extract_id, "district_code": slot.district_code,
              "month": slot.month}  # fmt: skip
    records_by_table = {s.mapping.driving: s.record for s in reversed(statements)}
    unread = [] if has_erased else delivery.broken
    raw_rows = [(row.table, row.row, row.text) for row in unread]
    for broken in delivery.broken:
        file_name = _file_name(delivery, broken.table)
        physical.add((file_name, broken.row))
        rows.append(
            common
            | {"file_name": file_name, "source_row": broken.row,
               "record": records_by_table.get(broken.table, broken.table or "unknown"),
               "column_name": broken.column_name, "value_kind": broken.value_kind,
               "reason": broken.reason, "gbp": None}
        )  # fmt: skip
    for driving in dict.fromkeys(record.mapping.driving for record in statements):
        group = [record for record in statements if record.mapping.driving == driving]
        found = _faulty(connection, item.number, definition, layout, group)
        table = _read_table(layout, driving)
        physical |= {(_file_name(delivery, table), one["source_row"]) for one in found}
        rows += [common | _described(layout, delivery, group, one) for one in found]
        numbers = sorted({one["source_row"] for one in found})
        if has_erased:
            numbers = _speaking_of_nobody(connection, item.number, driving, group, found, numbers)
        texts = delivery.tables[table].text(numbers) if numbers else []
        raw_rows += [(table, *one) for one in zip(numbers, texts, strict=True)]
    rows.sort(key=lambda row: (row["file_name"], row["source_row"], row["record"]))
    return Quarantined(rows, len(physical), _raw_table(raw_rows))


def _faulty(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    definition: FeedDefinition,
    layout: Layout,
    group: list[RecordStatements],
) -> list[dict[str, Any]]:
    """Return the first fault of each physical row of one table, with the pounds of the row.

    A sum at fault sets all its rows aside; its pounds stand with the first of them.
    """
    faults = []
    for place, record in enumerate(group):
        looked_up = "".join(f", row_{lookup.alias}" for lookup in record.mapping.lookups)
        faults.append(
            f"select {place} as record_number, source_row, block_number, fault,"
            f" coalesce(value_kind, {shape_sql('fault_raw')}) as value_kind{looked_up}"
            f" from typed_{record.record}"
            f" where delivery = {number} and fault between 1 and {ROW_AT_FAULT - 1}"
        )
    pounds = "select cast(null as bigint) as source_row, cast(null as decimal(18, 2)) as gbp"
    if definition.control.column and any(
        record.record == definition.control.record for record in group
    ):
        pounds = (
            f"select source_row, sum(v_{definition.control.column}) as gbp"
            f" from typed_{definition.control.record} where delivery = {number} group by source_row"
        )
    driving = group[0].mapping.driving
    placed = (
        "select first_faults.*, pounds.gbp from first_faults left join pounds using (source_row)"
    )
    if driving in layout.summed:
        placed = (
            "select first_faults.* replace (rows_of.source_row as source_row),"
            " case when rows_of.source_row = rows_of.summed_row then pounds.gbp end as gbp"
            f" from first_faults join rows_of_{driving} as rows_of on rows_of.delivery = {number}"
            " and rows_of.summed_row = first_faults.source_row"
            " left join pounds on pounds.source_row = first_faults.source_row"
        )
    found: list[dict[str, Any]] = (
        connection.execute(
            f"""
            with faults as ({" union all by name ".join(faults)}),
            pounds as ({pounds}),
            first_faults as (
                select * from faults
                -- a physical row is set aside once, however many of its fields are at fault
                qualify row_number() over (
                    partition by source_row order by record_number, block_number
                ) = 1
            )
            {placed}
            """
        )
        .to_arrow_table()
        .to_pylist()
    )
    return found


def _speaking_of_nobody(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    driving: str,
    group: list[RecordStatements],
    found: list[dict[str, Any]],
    numbers: list[int],
) -> list[int]:
    """Return the rows that are of nobody who was erased."""
    erased = erased_source_rows(connection, driving, number) | {
        one["source_row"]
        for one in found
        if group[one["record_number"]].faults[one["fault"] - 1].reason == ERASED
    }
    return [row for row in numbers if row not in erased]


def _read_table(layout: Layout, table: str) -> str:
    """Return the table of the file that a table stands for: itself, or what is added up."""
    return layout.summed[table].driving if table in layout.summed else table


def _described(
    layout: Layout, delivery: RawDelivery, group: list[RecordStatements], found: dict[str, Any]
) -> dict[str, Any]:
    """Return the quarantine row of one fault, placed in the table the bad value stands in."""
    record = group[found["record_number"]]
    fault = record.faults[found["fault"] - 1]
    table, row = record.mapping.driving, found["source_row"]
    for lookup in record.mapping.lookups:
        if lookup.alias == fault.alias and found[f"row_{lookup.alias}"] is not None:
            table, row = lookup.table, found[f"row_{lookup.alias}"]
    return {
        "file_name": _file_name(delivery, _read_table(layout, table)),
        "source_row": row,
        "record": group[0].record,
        "column_name": fault.column_name,
        # Only a row that finds nothing in another table has no value to tell the shape of.
        "value_kind": found["value_kind"] or "no matching row",
        "reason": fault.reason,
        "gbp": found["gbp"],
    }


def _file_name(delivery: RawDelivery, table: str) -> str:
    known = delivery.tables.get(table) or next(iter(delivery.tables.values()))
    return known.file_name


def _raw_table(rows: list[tuple[str, int, str]]) -> pa.Table | None:
    """Return the text of the rows set aside, for the vault only; None if there are none."""
    if not rows:
        return None
    names, numbers, texts = zip(*rows, strict=True)
    return pa.table(
        {"table_name": list(names), "source_row": list(numbers), "text": list(texts)}, schema=_RAW
    )


_RAW = pa.schema([("table_name", pa.string()), ("source_row", pa.int64()), ("text", pa.string())])


def write_quarantine(home: Home, slot: Slot, rows: list[dict[str, Any]]) -> dict[Path, Path]:
    """Write the rows set aside under an unfinished name; nothing if there are none."""
    if not rows:
        return {}
    target = home.quarantine / quarantine_path(
        slot.feed, slot.district_code, slot.month, slot.extract_id
    )
    source = unfinished(target)
    with writing(target):
        pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), source, compression="zstd")
    return {target: source}


def reasons(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows and pounds by record, reason and column, for the ledger."""
    counts: dict[tuple[str, str, str | None], int] = defaultdict(int)
    pounds: dict[tuple[str, str, str | None], Decimal] = defaultdict(Decimal)
    for row in rows:
        name = (row["record"], row["reason"], row["column_name"])
        counts[name] += 1
        pounds[name] += row["gbp"] or Decimal(0)
    return [
        {"record": name[0], "reason": name[1], "column_name": name[2], "rows": counts[name],
         "gbp": f"{pounds[name]:.2f}"}
        for name in sorted(counts, key=lambda name: tuple(part or "" for part in name))
    ]  # fmt: skip
