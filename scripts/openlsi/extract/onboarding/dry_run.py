"""What `lsi load` would make of a file with a layout: typed and judged in memory, nothing kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from openlsi.extract.batch import Item, Sums
from openlsi.extract.decisions import DECIDE, undecided
from openlsi.extract.judging import judge_batch
from openlsi.extract.layouts import Layout
from openlsi.extract.limits import FileLimits
from openlsi.extract.quarantine import reasons, set_aside
from openlsi.extract.reading import RawDelivery, read_delimited, read_tagged
from openlsi.extract.records import Column, FeedDefinition
from openlsi.extract.refusals import RefusedFileError
from openlsi.extract.slot import Slot
from openlsi.extract.statements import compile_record
from openlsi.extract.totals import check_pounds_add, check_rows_add, totals
from openlsi.extract.workbook import read_workbook_extract

_ANY_DAY = "2000-01-01"


@dataclass(frozen=True)
class DryRun:
    """Rows and pounds that would be accepted and set aside, and why, as the ledger says it."""

    rows: int
    accepted_rows: int
    accepted_gbp: Decimal
    set_aside_rows: int
    set_aside_gbp: Decimal
    reasons: list[dict[str, Any]]
    shapes: dict[tuple[str, str | None], list[str]]
    assumed: list[str]


def dry_run(
    layout: Layout,
    definition: FeedDefinition,
    file_name: str,
    content: bytes,
    district_code: str,
    month: date,
    limits: FileLimits,
) -> DryRun | RefusedFileError | None:
    """Return what a load would come to, or its refusal; None if a key of its rows is undecided.

    What else is undecided is taken as if it had been decided, so that the rest can be judged.
    """
    open_points = undecided(layout)
    keys = {f"{name}.{field}" for name, one in definition.records.items() for field in one.unique}
    if keys & set(open_points):
        return None
    layout = assumed(layout, definition)
    raw = _read(layout, file_name, content, limits)
    slot = Slot(definition.feed, district_code, month, "dry_run")
    connection = duckdb.connect(":memory:", config={"temp_directory": ""})
    try:
        return _judged(connection, slot, layout, definition, file_name, raw, open_points)
    except RefusedFileError as refusal:
        return refusal
    finally:
        connection.close()


def _judged(
    connection: duckdb.DuckDBPyConnection, slot: Slot, layout: Layout, definition: FeedDefinition,
    file_name: str, raw: RawDelivery, open_points: list[str],
) -> DryRun:  # fmt: skip
    item = Item(0, slot, file_name, raw)
    statements = [
        compile_record(layout, name, definition.records[name])
        for name in definition.records
        if name in layout.records
    ]
    judge_batch(connection, layout, statements, [item])
    sums = {
        record.record: totals(connection, statements, record, definition, layout).get(0, Sums())
        for record in statements
    }
    quarantined = set_aside(connection, item, definition, statements, layout)
    check_rows_add(raw, layout, statements, sums, quarantined.physical_rows)
    control = sums[definition.control.record]
    check_pounds_add(control, quarantined.gbp)
    shapes: dict[tuple[str, str | None], list[str]] = {}
    for row in quarantined.rows:
        seen = shapes.setdefault((row["reason"], row["column_name"]), [])
        if row["value_kind"] not in seen and len(seen) < 3:
            seen.append(row["value_kind"])
    data_rows = raw.physical_rows - raw.structural_rows
    return DryRun(
        data_rows, data_rows - quarantined.physical_rows, control.accepted_gbp or Decimal(0),
        quarantined.physical_rows, quarantined.gbp, reasons(quarantined.rows), shapes, open_points,
    )  # fmt: skip


def _read(layout: Layout, file_name: str, content: bytes, limits: FileLimits) -> RawDelivery:
    table = next(iter(layout.files))
    if layout.format == "workbook":
        return read_workbook_extract(layout, table, file_name, content, limits)
    if layout.format == "tagged":
        return read_tagged(layout, file_name, content)
    return read_delimited(layout, table, file_name, content)


def assumed(layout: Layout, definition: FeedDefinition) -> Layout:
    """Return a layout in which whatever is undecided has been decided, anyhow."""
    content = layout.model_dump(by_alias=True, exclude_unset=True)
    for name, record in content["records"].items():
        for field, said in record["columns"].items():
            kind = definition.records[name].mapped[field]
            if said.get("constant") == DECIDE:
                record["columns"][field] = _any_value(kind)
            if isinstance(kind, Column) and "codes" in said:
                said["codes"] = {
                    code: kind.values[0] if means == DECIDE else means
                    for code, means in said["codes"].items()
                }
    return Layout.model_validate(content)


def _any_value(kind: Any) -> dict[str, Any]:
    if kind.type == "code":
        return {"constant": kind.values[0]}
    if kind.type == "boolean":
        return {"constant": "N", "booleans": {"is_true": ["Y"], "is_false": ["N"]}}
    fixed: dict[str, dict[str, Any]] = {
        "date": {"constant": _ANY_DAY, "date_format": "%Y-%m-%d"},
        "money": {"constant": "0", "money": "plain"},
        "integer": {"constant": "0"},
        "financial_year": {"constant": "2026", "year_format": "start_year"},
    }
    return fixed.get(kind.type, {"constant": "0"})
