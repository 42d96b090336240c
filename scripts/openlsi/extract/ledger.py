"""Which extracts are accepted and in force: what every later step reads of the loader's work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

import pyarrow as pa

from openlsi.extract.chain import Ledger
from openlsi.extract.in_force import Span, known_spans, periods
from openlsi.home import Home

_RECORD = pa.struct(
    [("record", pa.string()), ("path", pa.string()), ("rows", pa.int64()),
     ("gbp", pa.decimal128(18, 2))]
)  # fmt: skip
_REASON = pa.struct(
    [("record", pa.string()), ("reason", pa.string()), ("column_name", pa.string()),
     ("rows", pa.int64()), ("gbp", pa.decimal128(18, 2))]
)  # fmt: skip
_PERIOD = pa.struct([("known_from", pa.timestamp("us")), ("known_to", pa.timestamp("us"))])
_HOLD = pa.struct(
    [("held_from", pa.timestamp("us")), ("held_to", pa.timestamp("us")), ("why", pa.string())]
)
SCHEMA = pa.schema(
    [
        ("extract_id", pa.string()), ("revision", pa.int64()), ("feed", pa.string()),
        ("district_code", pa.string()),
        ("month", pa.date32()), ("layout", pa.string()), ("mode", pa.string()),
        ("produced_at", pa.timestamp("us")), ("loaded_at", pa.timestamp("us")),
        ("arrived_at", pa.timestamp("us")), ("known_from", pa.timestamp("us")),
        ("known_to", pa.timestamp("us")), ("periods", pa.list_(_PERIOD)),
        ("is_in_force", pa.bool_()), ("is_held", pa.bool_()), ("holds", pa.list_(_HOLD)),
        ("is_reissue", pa.bool_()), ("why", pa.string()),
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

    `arrived_at` is the sender's time of production where it gave one, else the time of loading.
    Of several extracts for a month the one that arrived last is in force; `periods` says when each
    was, `known_from` and `known_to` when the first of them began and the last ended. A held
    extract counts for nothing until it is released, and is known from then on. The order of
    loading changes none of it where senders say when they produced.
    """
    ledger = Ledger.read(home)
    return pa.Table.from_pylist(
        in_force([_row(e) for e in ledger.accepted()], holds(ledger)), SCHEMA
    )


def in_force_entries(ledger: Ledger) -> list[dict[str, Any]]:
    """Return the lines of the extracts that are in force now."""
    entries = {entry["extract_id"]: entry for entry in ledger.accepted()}
    rows = in_force([_row(entry) for entry in entries.values()], holds(ledger))
    return [entries[row["extract_id"]] for row in rows if row["is_in_force"]]


@dataclass(frozen=True)
class HeldSpan:
    """One hold of an extract: from when to when, None for open ends, and the line that made it."""

    start: datetime | None
    end: datetime | None
    event: dict[str, Any]


def holds(ledger: Ledger) -> dict[str, list[HeldSpan]]:
    """Return the holds of each extract that was ever held, in order, by extract id."""
    found: dict[str, list[HeldSpan]] = {}
    for event in ledger.events("extract_held", "extract_released"):
        own = found.setdefault(event["extract_id"], [])
        if event["event"] == "extract_held":
            # One by nobody was made when the extract was accepted: it was never known before.
            start = datetime.fromisoformat(event["held_at"]) if event["by"] else None
            own.append(HeldSpan(start, None, event))
        elif own and own[-1].end is None:
            own[-1] = replace(own[-1], end=datetime.fromisoformat(event["released_at"]))
    return found


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


def arrival(entry: dict[str, Any]) -> str:
    """Return when an extract arrived; a declared re-issue never did before its loading."""
    loaded, produced = str(entry["loaded_at"]), entry.get("produced_at")
    if not produced:
        return loaded
    return max(str(produced), loaded) if entry.get("is_reissue") else str(produced)


def in_force(
    rows: list[dict[str, Any]], held: Mapping[str, Sequence[HeldSpan]]
) -> list[dict[str, Any]]:
    """Return the rows with their periods and holds, by feed, district, month and arrival."""

    def slot(row: dict[str, Any]) -> tuple[str, str, date]:
        return row["feed"], row["district_code"], row["month"]

    ordered = sorted(rows, key=lambda row: (*slot(row), row["arrived_at"], row["sequence"]))
    for _, group in groupby(ordered, key=slot):
        versions = list(group)
        spans = [
            known_spans(row["arrived_at"], [(h.start, h.end) for h in held.get(_id(row), ())])
            for row in versions
        ]
        for row, known in zip(versions, periods(spans), strict=True):
            row |= _when(known, held.get(_id(row), ()))
        for at, row in enumerate(versions):
            # A later one that counts leaves nothing to be decided about this one.
            row["is_held"] &= not any(later["is_in_force"] for later in versions[at + 1 :])
    return ordered


def in_force_at(row: Mapping[str, Any], instant: datetime) -> bool:
    """Return whether an accepted extract was in force at an instant."""
    return any(
        one["known_from"] <= instant and (one["known_to"] is None or one["known_to"] > instant)
        for one in row["periods"]
    )


def held_at(row: Mapping[str, Any], instant: datetime) -> bool:
    """Return whether an accepted extract was held at an instant."""
    return any(
        (one["held_from"] is None or one["held_from"] <= instant)
        and (one["held_to"] is None or one["held_to"] > instant)
        for one in row["holds"]
    )


def _id(row: dict[str, Any]) -> str:
    return str(row["extract_id"])


def _when(known: Sequence[Span], held: Sequence[HeldSpan]) -> dict[str, Any]:
    """Return what a row says of when it counts and when it was held."""
    return {
        "periods": [{"known_from": start, "known_to": end} for start, end in known],
        "known_from": known[0][0] if known else None,
        "known_to": known[-1][1] if known else None,
        "is_in_force": bool(known) and known[-1][1] is None,
        "is_held": bool(held) and held[-1].end is None,
        "holds": [
            {"held_from": one.start, "held_to": one.end, "why": why_held(one.event)} for one in held
        ],
    }


def why_held(event: Mapping[str, Any]) -> str:
    """Return why an extract is held: by whom and what for, or which limit it went beyond."""
    if event["by"]:
        return f"by {event['by']}: {event['why']}"
    return "; ".join(
        f"{one['measure']} {one['moved']} against {one['against_month'][:7]}, limit {one['limit']}"
        for one in event["breaches"]
    )


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
        "arrived_at": datetime.fromisoformat(arrival(entry)),
        "file_names": [file["name"] for file in entry["files"]],
        "other_month_rows": entry.get("other_month_rows", 0),
        **{
            name: Decimal(entry.get(name, 0))
            for name in ("accepted_gbp", "quarantined_gbp", "unreadable_gbp", "other_month_gbp")
        },
        "records": pounds(entry["records"]),
        "quarantine_reasons": pounds(entry["quarantine_reasons"]),
    }
