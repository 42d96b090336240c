"""Which extracts are accepted and in force: what every later step reads of the loader's work."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

import pyarrow as pa

from openlsi.extract.chain import Ledger
from openlsi.home import Home

_RECORD = pa.struct(
    [("record", pa.string()), ("path", pa.string()), ("rows", pa.int64()),
     ("gbp", pa.decimal128(18, 2))]
)  # fmt: skip
_REASON = pa.struct(
    [("record", pa.string()), ("reason", pa.string()), ("column_name", pa.string()),
     ("rows", pa.int64()), ("gbp", pa.decimal128(18, 2))]
)  # fmt: skip
SCHEMA = pa.schema(
    [
        ("extract_id", pa.string()), ("revision", pa.int64()), ("feed", pa.string()),
        ("district_code", pa.string()),
        ("month", pa.date32()), ("layout", pa.string()), ("mode", pa.string()),
        ("produced_at", pa.timestamp("us")), ("loaded_at", pa.timestamp("us")),
        ("known_from", pa.timestamp("us")), ("known_to", pa.timestamp("us")),
        ("is_in_force", pa.bool_()), ("is_reissue", pa.bool_()), ("why", pa.string()),
        ("file_names", pa.list_(pa.string())), ("content_hash", pa.string()),
        ("physical_rows", pa.int64()), ("structural_rows", pa.int64()),
        ("accepted_rows", pa.int64()), ("quarantined_rows", pa.int64()),
        ("other_month_rows", pa.int64()), ("other_month_gbp", pa.decimal128(18, 2)),
        ("accepted_gbp", pa.decimal128(18, 2)), ("quarantined_gbp", pa.decimal128(18, 2)),
        ("unreadable_gbp", pa.decimal128(18, 2)),
        ("records", pa.list_(_RECORD)), ("quarantine_reasons", pa.list_(_REASON)),
    ]
)  # fmt: skip


def accepted_extracts(home: Home) -> pa.Table:
    """Return every accepted extract, one row each, in the order of SCHEMA.

    `known_from` is the sender's time of production where it gave one, else the time of loading.
    Of several extracts for a month the one known last is in force; `known_to` is when the next one
    became known. The order of loading changes none of it where senders say when they produced.
    """
    rows = [_row(entry) for entry in Ledger.read(home).accepted()]
    return pa.Table.from_pylist(in_force(rows), schema=SCHEMA)


def landing_files(home: Home) -> dict[tuple[str, str], list[str]]:
    """Return, by (feed, record), the landing files of all accepted extracts, superseded too."""
    files: dict[tuple[str, str], list[str]] = {}
    for entry in Ledger.read(home).accepted():
        for record in entry["records"]:
            path = str(home.landing / record["path"])
            files.setdefault((entry["feed"], record["record"]), []).append(path)
    return {name: sorted(paths) for name, paths in sorted(files.items())}


def landed_anew(home: Home) -> datetime | None:
    """Return when what was landed was last rewritten or let go (UTC); None if it never was."""
    entries = Ledger.read(home).entries
    times = [e["recorded_at"] for e in entries if "revised" in e or "released" in e]
    return datetime.fromisoformat(times[-1]) if times else None


def known_from(entry: dict[str, Any]) -> str:
    """Return when an extract became known; a declared re-issue is never older than its loading."""
    loaded, produced = str(entry["loaded_at"]), entry.get("produced_at")
    if not produced:
        return loaded
    return max(str(produced), loaded) if entry.get("is_reissue") else str(produced)


def in_force(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows with known_to and is_in_force set, by feed, district, month and time."""

    def slot(row: dict[str, Any]) -> tuple[str, str, date]:
        return row["feed"], row["district_code"], row["month"]

    ordered = sorted(rows, key=lambda row: (*slot(row), row["known_from"], row["sequence"]))
    for _, group in groupby(ordered, key=slot):
        versions = list(group)
        for row, following in zip(versions, [*versions[1:], None], strict=True):
            row["known_to"] = following["known_from"] if following else None
            row["is_in_force"] = following is None
    return ordered


def _row(entry: dict[str, Any]) -> dict[str, Any]:
    def pounds(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            {**item, "gbp": None if item["gbp"] is None else Decimal(item["gbp"])} for item in items
        ]

    produced = entry.get("produced_at")
    return {
        **entry,
        "month": date.fromisoformat(entry["month"]),
        "produced_at": datetime.fromisoformat(produced) if produced else None,
        "loaded_at": datetime.fromisoformat(entry["loaded_at"]),
        "known_from": datetime.fromisoformat(known_from(entry)),
        "file_names": [file["name"] for file in entry["files"]],
        "other_month_rows": entry.get("other_month_rows", 0),
        **{
            name: Decimal(entry.get(name, 0))
            for name in ("accepted_gbp", "quarantined_gbp", "unreadable_gbp", "other_month_gbp")
        },
        "records": pounds(entry["records"]),
        "quarantine_reasons": pounds(entry["quarantine_reasons"]),
    }
