"""Which rows of a batch are at fault: its first fault for each row, or none.

A batch is several deliveries of one layout, told apart by column `delivery`: most of the cost of a
small extract is the cost of planning a statement, so several share each.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from openlsi.extract.batch import Item
from openlsi.extract.layouts import Layout
from openlsi.extract.misread import refuse_misread
from openlsi.extract.slot import ROW_AT_FAULT
from openlsi.extract.statements import RecordStatements
from openlsi.extract.summing import sum_tables


def judge_batch(
    connection: duckdb.DuckDBPyConnection,
    layout: Layout,
    statements: list[RecordStatements],
    items: Sequence[Item],
) -> None:
    """Lay the tables of a batch out as `raw_<table>`, type every record and find the faults.

    Raises RefusedFileError for a delivery that was misread as a whole.
    """
    for name in layout.read_tables:
        parts = [
            item.raw.tables[name].rows.append_column(
                "delivery",
                pa.repeat(pa.scalar(item.number, pa.int16()), item.raw.tables[name].rows.num_rows),
            )
            for item in items
        ]
        connection.register(f"raw_{name}", pa.concat_tables(parts))
    connection.execute(
        "create or replace temp table batch_months as"
        " select unnest($numbers) as delivery, unnest($ends) as month_end",
        {
            "numbers": [item.number for item in items],
            "ends": [item.slot.month_end for item in items],
        },
    )
    made = sum_tables(connection, layout)
    rows = made | {
        name: sum(item.raw.tables[name].rows.num_rows for item in items)
        for name in layout.read_tables
    }
    for record in statements:
        judge(connection, record, rows[record.mapping.driving])
        refuse_misread(connection, layout, record, items)
    # Only when each record is judged is it known which physical rows are set aside.
    spread_faults(connection, statements)


def judge(connection: duckdb.DuckDBPyConnection, statements: RecordStatements, rows: int) -> None:
    """Type one record and find the first fault of each row; `rows` is what its table holds."""
    typed = f"typed_{statements.record}"
    connection.execute(statements.typed)
    if statements.mapping.lookups:
        _set_aside_fan_out(connection, statements, rows)
    _set_aside_unborn(connection, statements)
    identifiers = statements.definition.identifiers
    unique = ", ".join(
        f"i_{name}" if name in identifiers else f"v_{name}" for name in statements.definition.unique
    )
    repeated = (  # hash, no sort
        f"from {typed} where fault = 0 group by delivery, {unique} having count(*) > 1"
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
                    partition by delivery, {unique} order by source_row, block_number
                ) as occurrence
                from {typed}
                where fault = 0
            ) as occurrences
            where occurrence > 1
        )
        """
    )


def _set_aside_unborn(connection: duckdb.DuckDBPyConnection, statements: RecordStatements) -> None:
    """Set aside rows of people born after the month: `batch_months` has each delivery's end."""
    typed = f"typed_{statements.record}"
    for name in statements.definition.births:
        fault = statements.birth_fault(name)
        if fault is None:
            continue
        found = f"from {typed} join batch_months using (delivery) where v_{name} > month_end"
        if connection.execute(f"select 1 {found} limit 1").fetchone() is not None:
            connection.execute(
                f"update {typed} set fault = {fault}, value_kind = 'a date after the month'"
                f" where fault = 0 and rowid in (select {typed}.rowid {found})"
            )


def spread_faults(
    connection: duckdb.DuckDBPyConnection, statements: list[RecordStatements]
) -> None:
    """Set aside the whole of each physical row that gives several records, if one is at fault."""
    if not any(
        connection.execute(f"select 1 from typed_{one.record} where fault > 0 limit 1").fetchone()
        for one in statements
    ):
        return
    for record in statements:
        others = [
            f"select (delivery, source_row) from typed_{other.record} where fault > 0"
            for other in statements
            if other.mapping.driving == record.mapping.driving and other is not record
        ]
        if record.mapping.blocks:
            others.append(
                f"select (delivery, source_row) from typed_{record.record}"
                f" where fault between 1 and {ROW_AT_FAULT - 1}"
            )
        if others:
            connection.execute(
                f"update typed_{record.record} set fault = {ROW_AT_FAULT} where fault = 0"
                f" and (delivery, source_row) in ({' union all '.join(others)})"
            )


def _set_aside_fan_out(
    connection: duckdb.DuckDBPyConnection, statements: RecordStatements, driving: int
) -> None:
    """Keep one copy, at fault, of a row for which a look-up table holds several rows."""
    typed = f"typed_{statements.record}"
    if not statements.mapping.blocks:
        (rows,) = connection.execute(f"select count(*) from {typed}").fetchone() or (0,)
        if rows == driving:
            return
    place = "delivery, source_row, block_number"
    connection.execute(
        f"""
        create or replace temp table fanned_out as
        select {place}, min(rowid) as kept from {typed} group by {place} having count(*) > 1
        """
    )
    connection.execute(
        f"""
        delete from {typed}
        where ({place}) in (select ({place}) from fanned_out)
            and rowid not in (select kept from fanned_out)
        """
    )
    connection.execute(
        f"update {typed} set fault = {statements.duplicate_fault}, value_kind = 'several rows'"
        f" where ({place}) in (select ({place}) from fanned_out)"
    )
