"""Whole files that cannot be meant: most rows at fault for one thing, or dates month first.

A row is set aside where it alone is wrong. Where every other row is wrong in the same way the
layout does not fit the file, and what did get through is not to be trusted either.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from openlsi.extract.batch import Item
from openlsi.extract.columns import shape_sql
from openlsi.extract.layouts import Layout
from openlsi.extract.refusals import RefusedFileError
from openlsi.extract.statements import RecordStatements

# Fewer rows than this at fault say nothing about the file.
_FEWEST_MOSTLY, _FEWEST_MONTH_FIRST = 10, 3


def refuse_misread(
    connection: duckdb.DuckDBPyConnection,
    layout: Layout,
    record: RecordStatements,
    items: Sequence[Item],
) -> None:
    """Raise RefusedFileError if a delivery's faults show that it was misread as a whole."""
    found = connection.execute(
        f"""
        with counted as (
            select
                delivery, fault, count(*) as fault_rows, min({shape_sql("fault_raw")}) as shape,
                count(*) filter (try_strptime(fault_raw, '%m/%d/%Y') is not null) as month_first
            from typed_{record.record} where fault > 0 group by delivery, fault
        ),
        sizes as (select delivery, count(*) as rows from typed_{record.record} group by delivery)
        select delivery, fault, fault_rows, rows, shape, month_first
        from counted join sizes using (delivery)
        where 2 * fault_rows > rows or month_first = fault_rows
        order by delivery, fault
        """
    ).fetchall()
    labels = {item.number: item.label for item in items}
    for delivery, number, rows_at_fault, rows, shape, month_first in found:
        fault = record.faults[number - 1]
        is_month_first = (
            fault.reason == "bad_date"
            and fault.field is not None
            and record.mapping.columns[fault.field].date_format == "%d/%m/%Y"
            and month_first == rows_at_fault >= _FEWEST_MONTH_FIRST
        )
        if is_month_first:
            # Where the day is 12 or less the month would be taken for it, and no row would tell.
            raise RefusedFileError(
                labels[delivery], f"{rows_at_fault:,} dates of {fault.column_name} month first",
                "day first, as 31/12/2026", "ask the sender for one way throughout",
            )  # fmt: skip
        if rows_at_fault >= _FEWEST_MOSTLY and 2 * rows_at_fault > rows:
            why = fault.reason.replace("_", " ")
            told = f", shaped as {shape}" if shape else ""
            raise RefusedFileError(
                labels[delivery],
                f"{rows_at_fault:,} of {rows:,} {record.record} rows at fault for"
                f" {fault.column_name} ({why}{told})",
                "at most half of them for one thing",
                f"hold layout {layout.layout} against the file",
            )  # fmt: skip
