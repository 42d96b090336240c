"""Official workbooks of the inbox, into the same landing and ledger as districts' extracts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from openlsi.config.county import configuration_files
from openlsi.extract import chain
from openlsi.extract.archives import UnreadableArchiveError, unpack_all
from openlsi.extract.chain import Ledger
from openlsi.extract.delivery import Delivery, place_of
from openlsi.extract.landing import finish, hashed, landing_path, unfinished, writing
from openlsi.extract.limits import FileLimits
from openlsi.extract.originals import Original
from openlsi.extract.prepared import content_hash
from openlsi.extract.refusals import RefusedFileError, RefusedWorkbookError
from openlsi.extract.session import Outcome
from openlsi.extract.slot import Slot
from openlsi.extract.versions import Held, check_version
from openlsi.extract.workbooks import (
    WorkbookError,
    WorkbookFamily,
    WorkbookLayout,
    WorkbookRecords,
    explain_unknown,
    identify_workbook,
    load_families,
    read_workbook,
)
from openlsi.extract.workbooks.family import ENGLAND_CODE
from openlsi.home import Home

_TABLE = "workbook"
_PENNY = Decimal("0.01")
_EVERY_RECORD = ("extract_id", "district_code", "month")


def load_official(
    home: Home, paths: list[Path], ledger: Ledger, why: str | None, limits: FileLimits
) -> Iterator[Outcome]:
    """Load each workbook that is new, up to its line in the ledger; refusals are returned.

    The same bytes change nothing, under whatever name. A revised workbook of a year that is held
    needs `why`, as any re-issue does.
    """
    families = load_families(configuration_files(home, "workbooks"))
    held = Held.of(entry for entry in ledger.accepted() if entry["district_code"] == ENGLAND_CODE)
    for path in paths:
        label = place_of(path, home.inbox)
        try:
            content = Original.read(path, home.inbox, limits).content
        except RefusedFileError as refusal:
            yield Outcome(label, refused=refusal)
            continue
        digest = hashlib.sha256(content).hexdigest()
        outcome = Outcome(label, content_hash=content_hash({_TABLE: digest}), bytes=len(content))
        if not held.holding(digest):
            try:
                _refuse_bomb(content, label, limits)
                outcome.accepted = _load_new(home, path, families, held, digest, why)
                held.add(outcome.accepted)
            except WorkbookError as error:
                outcome.refused = RefusedWorkbookError(f"{label.removesuffix(path.name)}{error}")
            except RefusedFileError as refusal:
                outcome.refused = refusal
        yield outcome


def _refuse_bomb(content: bytes, label: str, limits: FileLimits) -> None:
    """Refuse a workbook whose parts would fill the memory; what is none is told by its reader."""
    with suppress(UnreadableArchiveError):
        unpack_all(content, label, limits)


def _load_new(
    home: Home,
    path: Path,
    families: Mapping[Path, WorkbookFamily],
    held: Held,
    digest: str,
    why: str | None,
) -> dict[str, Any]:
    layout = identify_workbook(path, families)
    if layout is None:
        raise explain_unknown(path, families)
    content = content_hash({_TABLE: digest})
    delivery = Delivery(
        layout.name, layout.feed, {_TABLE: path}, {}, path.stat().st_size, home.inbox
    )
    is_reissue = check_version(held, delivery, layout.month, None, why)
    slot = Slot(
        layout.feed, ENGLAND_CODE, layout.month,
        chain.extract_id(layout.feed, ENGLAND_CODE, layout.month, content),
    )  # fmt: skip
    read = read_workbook(path, layout)
    records = _land(home, slot, layout, read.tables)
    return {
        "event": "extract_accepted",
        "extract_id": slot.extract_id,
        "feed": slot.feed,
        "district_code": slot.district_code,
        "month": layout.month.isoformat(),
        "layout": layout.name,
        "mode": "snapshot",
        "key_id": None,
        "key_check": None,
        "produced_at": None,
        "loaded_at": chain.now(),
        "is_reissue": is_reissue,
        "why": why if is_reissue else None,
        "content_hash": content,
        "files": [{"name": path.name, "table": _TABLE, "sha256": digest,
                   "bytes": path.stat().st_size}],
        **_control_totals(read, records),
    }  # fmt: skip


def _control_totals(read: WorkbookRecords, records: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the ledger says of rows and pounds; a workbook is taken whole or refused."""
    pounds = sum((Decimal(one["gbp"]) for one in records if one["gbp"]), Decimal(0))
    return {
        "physical_rows": read.physical_rows,
        "structural_rows": read.physical_rows - read.accepted_rows,
        "accepted_rows": read.accepted_rows,
        "quarantined_rows": 0,
        "accepted_gbp": str(pounds),
        "quarantined_gbp": "0.00",
        "unreadable_gbp": "0.00",
        "records": records,
        "quarantine_reasons": [],
    }


def _land(
    home: Home, slot: Slot, layout: WorkbookLayout, tables: Mapping[str, pa.Table]
) -> list[dict[str, Any]]:
    schemas, written, records = layout.family.schemas(), {}, []
    for name, table in tables.items():
        own = landing_schema(schemas[name])
        constants = dict(zip(
            _EVERY_RECORD, (slot.extract_id, slot.district_code, slot.month), strict=True
        ))  # fmt: skip
        columns = [
            pa.array([constants[field.name]] * len(table), field.type) if field.name in constants
            else table[field.name] if field.name in table.column_names
            else pa.nulls(len(table), field.type)
            for field in own
        ]  # fmt: skip
        relative = landing_path(slot.feed, name, slot.district_code, slot.month, slot.extract_id)
        target = home.landing / relative
        written[target] = unfinished(target)
        with writing(target):
            pq.write_table(pa.table(columns, schema=own), written[target], compression="zstd")
        records.append(
            {"record": name, "path": relative, "rows": len(table),
             "gbp": _pounds(table, layout, name)}
        )  # fmt: skip
    return hashed(records, home.landing, finish(written))


def landing_schema(record: pa.Schema) -> pa.Schema:
    """Return the columns of one official record in landing, in order."""
    every = zip(_EVERY_RECORD, (pa.string(), pa.string(), pa.date32()), strict=True)
    return pa.schema([*every, *record])


def _pounds(table: pa.Table, layout: WorkbookLayout, name: str) -> str | None:
    """Return the control column's sum over the authorities; England's line would double it."""
    column = layout.control_columns[name]
    if not column.endswith("_gbp"):
        return None
    of_authorities = pc.fill_null(pc.not_equal(table["authority_code"], ENGLAND_CODE), True)
    total = pc.sum(table.filter(of_authorities)[column]).as_py() or Decimal(0)
    return str(total.quantize(_PENNY, ROUND_HALF_UP))
