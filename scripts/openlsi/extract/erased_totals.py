"""What an extract comes to once rows of it are erased: they move from accepted to set aside.

So that rows and pounds still add: accepted, set aside with a reason (`erased` among them) and
structural rows are all that was sent. The ledger keeps totals only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from openlsi.extract.layouts import Layout
from openlsi.extract.slot import ERASED
from openlsi.identity.erased_rows import LandedRecord


@dataclass(frozen=True)
class GoneRows:
    """The rows of one record of an extract that go; `driving` is the table that they stand in."""

    record: str
    driving: str
    sources: frozenset[int]
    rows: int
    gbp: Decimal


def gone_rows(
    connection: duckdb.DuckDBPyConnection,
    records: Sequence[LandedRecord],
    layouts: dict[str, Layout],
    entry: dict[str, Any],
) -> list[GoneRows]:
    """Return what goes of each record of an extract; `affected_<record>` must have been made."""
    layout = layouts.get(entry["layout"])
    found = []
    for landed in records:
        feed, _, record = landed.name.partition("__")
        if feed != entry["feed"]:
            continue
        lines = connection.execute(
            f"select source_row, gbp from {landed.affected}"
            " where is_gone and extract_id = $extract",
            {"extract": entry["extract_id"]},
        ).fetchall()
        # A layout taken out of the configuration since cannot say; then each record is a table.
        mapping = layout.records.get(record) if layout else None
        pounds = sum((gbp for _, gbp in lines if gbp is not None), Decimal(0))
        sources = frozenset(int(row) for row, _ in lines)
        driving = mapping.driving if mapping else record
        if mapping and mapping.blocks:
            sources = frozenset()  # another record counts the rows of its table
        found.append(GoneRows(record, driving, sources, len(lines), pounds))
    return found


def physical_rows(gone: Sequence[GoneRows]) -> int:
    """Return how many rows of the files go; one that gave several records counts once."""
    return sum(len(rows) for rows in _by_table(gone).values())


def _by_table(gone: Sequence[GoneRows]) -> dict[str, frozenset[int]]:
    return {
        driving: frozenset().union(*(one.sources for one in gone if one.driving == driving))
        for driving in dict.fromkeys(one.driving for one in gone)
    }


def without(entry: dict[str, Any], gone: Sequence[GoneRows]) -> dict[str, Any]:
    """Return what is different of an extract in the ledger once these rows are erased."""
    pounds, physical = sum((one.gbp for one in gone), Decimal(0)), physical_rows(gone)
    reasons = []
    for driving, rows in _by_table(gone).items():
        of_table = [one for one in gone if one.driving == driving]
        if rows:
            gbp = sum((one.gbp for one in of_table), Decimal(0))
            reasons.append(
                {"record": of_table[0].record, "reason": ERASED, "column_name": None,
                 "rows": len(rows), "gbp": f"{gbp:.2f}"}
            )  # fmt: skip
    by_record = {one.record: one for one in gone}
    return {
        "revision": entry["revision"] + 1,
        "records": [_less(record, by_record[record["record"]]) for record in entry["records"]],
        "accepted_rows": entry["accepted_rows"] - physical,
        "quarantined_rows": entry["quarantined_rows"] + physical,
        "accepted_gbp": f"{Decimal(entry['accepted_gbp']) - pounds:.2f}",
        "quarantined_gbp": f"{Decimal(entry['quarantined_gbp']) + pounds:.2f}",
        "quarantine_reasons": _merged([*entry["quarantine_reasons"], *reasons]),
    }


def _merged(reasons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the reasons with one line a record, reason and column."""
    merged: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in reasons:
        name = (one["record"], one["reason"], one["column_name"])
        before = merged.get(name, {"rows": 0, "gbp": "0.00"})
        gbp = Decimal(before["gbp"]) + Decimal(one["gbp"])
        merged[name] = {**one, "rows": before["rows"] + one["rows"], "gbp": f"{gbp:.2f}"}
    return list(merged.values())


def _less(record: dict[str, Any], gone: GoneRows) -> dict[str, Any]:
    gbp = None if record["gbp"] is None else f"{Decimal(record['gbp']) - gone.gbp:.2f}"
    return {**record, "rows": record["rows"] - gone.rows, "gbp": gbp}
