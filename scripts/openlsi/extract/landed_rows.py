"""Accepted rows of a batch to landing: keyed, one file a delivery, record and month."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from openlsi.extract.batch import Extraction
from openlsi.extract.database import Database, identity_spec
from openlsi.extract.landing import landing_path, unfinished, writing
from openlsi.extract.layout_mapping import HistoryColumns
from openlsi.extract.layouts import Layout
from openlsi.extract.records import Record
from openlsi.extract.slot import Slot
from openlsi.extract.statements import RecordStatements
from openlsi.extract.totals import RowsLostError, counts_rows, source_rows_sql
from openlsi.identity.birth_facts import age_month_sql, age_sql


def land(
    database: Database,
    layout: Layout,
    statements: list[RecordStatements],
    record: RecordStatements,
    extractions: list[Extraction],
    written: dict[Path, Path],
) -> None:
    """Write the accepted rows of one record of each delivery under unfinished names.

    What is landed is added to each delivery's event; for a history, to the event of each month.
    """
    name, connection = record.record, database.connection
    spec = identity_spec(layout.feed, name, record.definition, database.links)
    landed = (
        f"select delivery, source_row, {_row_count(record, layout)},"
        f" {', '.join(_carried(record.definition, database.links))}"
        f" from typed_{name} join {spec.known} as known using (identity) where fault = 0"
    )
    files = [(one, slot, event) for one in extractions for slot, event in one.events]
    # What goes to one file goes there at once; several share the join that finds the keys.
    is_shared = len(files) > 1 or record.mapping.history is not None
    if is_shared:
        connection.execute(f"create or replace temp table landed_{name} as {landed}")
    control = database.definitions[layout.feed].control
    pounds = control.column if control.record == name else None
    for one, slot, event in files:
        chosen = f"delivery = {one.item.number}" + _in_month(record.mapping.history, slot)
        path = landing_path(slot.feed, name, slot.district_code, slot.month, slot.extract_id)
        target = database.home.landing / path
        written[target] = unfinished(target)
        source = f"landed_{name}" if is_shared else f"({landed}) as landed"
        sql = _copy_sql(slot, record.definition, source, chosen, written[target])
        with writing(target):
            copied = connection.execute(sql).fetchone()
        if is_shared:
            rows, source_rows, gbp = _landed_sums(connection, record, layout, pounds, chosen)
        else:
            sums = one.sums[name]
            rows, source_rows = sums.accepted_rows, sums.accepted_source_rows
            gbp = _written_gbp(connection, written[target], pounds)
        if copied is None or copied[0] != rows:
            raise RowsLostError(name, rows, copied[0] if copied else 0)
        event["records"].append(
            {"record": name, "path": path, "rows": rows,
             "gbp": None if pounds is None else f"{gbp:.2f}"}
        )  # fmt: skip
        if not counts_rows(statements, record):
            source_rows = 0
        _account(event, one, record, (source_rows, gbp), slot is one.item.slot)


def _account(
    event: dict[str, Any],
    extraction: Extraction,
    record: RecordStatements,
    landed: tuple[int, Decimal],
    is_own_month: bool,
) -> None:
    """Add to a month's totals what was landed of it; its own month also tells what was not."""
    (source_rows, gbp), sums = landed, extraction.sums[record.record]
    if not is_own_month:
        event["physical_rows"] += source_rows
        event["accepted_rows"] += source_rows
        event["accepted_gbp"] = f"{Decimal(event['accepted_gbp']) + gbp:.2f}"
        return
    if record.mapping.history is None:
        if sums.accepted_rows != event["records"][-1]["rows"]:
            raise RowsLostError(record.record, sums.accepted_rows, event["records"][-1]["rows"])
        return
    other_rows = sums.accepted_source_rows - source_rows
    other_gbp = (sums.accepted_gbp or Decimal(0)) - gbp
    event["accepted_rows"] -= other_rows
    event["other_month_rows"] += other_rows
    for name, change in (("accepted_gbp", -other_gbp), ("other_month_gbp", other_gbp)):
        event[name] = f"{Decimal(event[name]) + change:.2f}"


def _landed_sums(
    connection: duckdb.DuckDBPyConnection,
    record: RecordStatements,
    layout: Layout,
    pounds: str | None,
    chosen: str,
) -> tuple[int, int, Decimal]:
    gbp = f"sum({pounds})" if pounds else "null"
    found = connection.execute(
        f"select count(*), {source_rows_sql(record, layout)}, {gbp}"
        f" from landed_{record.record} where {chosen}"
    ).fetchone()
    assert found is not None
    return int(found[0]), int(found[1] or 0), found[2] or Decimal(0)


def _written_gbp(connection: duckdb.DuckDBPyConnection, file: Path, pounds: str | None) -> Decimal:
    """Return the pounds of a file as it was written: the rows behind it stand in no table."""
    if pounds is None:
        return Decimal(0)
    found = connection.execute(
        f"select sum({pounds}) from read_parquet($file)", {"file": str(file)}
    ).fetchone()
    return (found and found[0]) or Decimal(0)


def _in_month(history: HistoryColumns | None, slot: Slot) -> str:
    """Return SQL that keeps the rows of a history which hold on a day of the month."""
    if history is None:
        return ""
    return (
        f" and coalesce({history.first} <= date '{slot.month_end.isoformat()}', true)"
        f" and coalesce({history.last} >= date '{slot.month.isoformat()}', true)"
    )


def _row_count(record: RecordStatements, layout: Layout) -> str:
    is_summed = record.mapping.driving in layout.summed
    return "row_count" if is_summed else "cast(1 as bigint) as row_count"


def _carried(definition: Record, links: frozenset[str]) -> list[str]:
    """Return the columns that every month of a delivery has in common, births among them."""
    carried = [f"v_{name} as birth_{name}" for name in definition.births]
    for name, column in definition.columns.items():
        born = f"v_{column.of[0]}" if column.of else ""
        if column.type == "age":
            continue
        if column.type == "age_month":
            carried.append(f"{age_month_sql(born, column.years or 0)} as {name}")
        elif column.type == "born_on_or_after":
            carried.append(f"{born} >= date '{column.day}' as {name}")
        elif column.link is not None and column.link not in links:
            # No gateway is named for this sharing, so no linking key is ever made.
            carried.append(f"cast(null as varchar) as {name}")
        elif column.is_derived:
            carried.append(f"known.{name}")
        else:
            carried.append(f"v_{name} as {name}")
    return carried


def _copy_sql(slot: Slot, definition: Record, source: str, chosen: str, file: Path) -> str:
    """Return SQL that writes the chosen rows of a table or query to a file."""
    month_end = f"date '{slot.month_end.isoformat()}'"
    columns = [
        f"cast({age_sql(f'birth_{column.of[0]}', month_end)} as integer) as {name}"
        if column.type == "age"
        else name
        for name, column in definition.columns.items()
    ]
    path = str(file).replace("'", "''")
    return f"""
        copy (
            select
                '{slot.extract_id}' as extract_id,
                '{slot.district_code}' as district_code,
                date '{slot.month.isoformat()}' as month,
                source_row,
                {", ".join(columns)}
            from {source}
            where {chosen}
        ) to '{path}' (format parquet, compression zstd, compression_level 1)
        """
