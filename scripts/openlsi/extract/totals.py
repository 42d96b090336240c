"""Control totals: rows and pounds in are rows and pounds accepted and set aside, or no deal."""

from __future__ import annotations

from decimal import Decimal

import duckdb

from openlsi.extract.batch import Sums
from openlsi.extract.layouts import Layout
from openlsi.extract.reading import RawDelivery
from openlsi.extract.records import FeedDefinition
from openlsi.extract.refusals import ASK_AGAIN, RefusedFileError
from openlsi.extract.statements import RecordStatements


class RowsLostError(Exception):
    """Rows or pounds do not add up; the delivery is refused."""

    def __init__(self, what: str, expected: object, found: object) -> None:
        super().__init__(f"{what}: {found} of {expected}")


def counts_rows(statements: list[RecordStatements], record: RecordStatements) -> bool:
    """Return whether a record counts the physical rows of its table: one record of each does."""
    own = [
        one.record
        for one in statements
        if one.mapping.driving == record.mapping.driving and not one.mapping.blocks
    ]
    return own[:1] == [record.record]


def source_rows_sql(record: RecordStatements, layout: Layout) -> str:
    """Return SQL for the physical rows behind rows of a record."""
    return "sum(row_count)" if record.mapping.driving in layout.summed else "count(*)"


def totals(
    connection: duckdb.DuckDBPyConnection,
    statements: list[RecordStatements],
    record: RecordStatements,
    definition: FeedDefinition,
    layout: Layout,
) -> dict[int, Sums]:
    """Return rows and pounds of one judged record, by the number of the delivery."""
    name, column = record.record, definition.control.column
    is_control = definition.control.record == name and column is not None
    control = f"v_{column}" if is_control else "cast(null as decimal(18, 2))"
    source_rows = source_rows_sql(record, layout) if counts_rows(statements, record) else "sum(0)"
    found = connection.execute(
        f"""
        select
            delivery, count(*), count(*) filter (fault = 0), {source_rows} filter (fault = 0),
            sum({control}), sum({control}) filter (fault = 0), count(*) filter ({control} is null)
        from typed_{name} group by delivery
        """
    ).fetchall()
    return {
        delivery: Sums(
            rows, accepted, int(source or 0), gbp, accepted_gbp, unreadable if is_control else 0
        )
        for delivery, rows, accepted, source, gbp, accepted_gbp, unreadable in found
    }


def check_rows_add(
    raw: RawDelivery,
    layout: Layout,
    statements: list[RecordStatements],
    sums: dict[str, Sums],
    set_aside: int,
) -> None:
    """Hold rows accepted and set aside against the rows of the tables they come from."""
    counting = [record for record in statements if counts_rows(statements, record)]
    tables = {
        layout.summed[record.mapping.driving].driving
        if record.mapping.driving in layout.summed
        else record.mapping.driving
        for record in counting
    }
    accepted = sum(sums[record.record].accepted_source_rows for record in counting)
    expected = sum(raw.tables[table].rows.num_rows for table in tables) + len(raw.broken)
    if accepted + set_aside != expected:
        raise RowsLostError("rows", expected, accepted + set_aside)


def check_pounds_add(control: Sums, set_aside: Decimal) -> None:
    """Hold pounds accepted and set aside against the pounds of all rows that could be read."""
    found = (control.accepted_gbp or Decimal(0)) + set_aside
    if found != (control.candidate_gbp or Decimal(0)):
        raise RowsLostError("pounds", control.candidate_gbp, found)


def check_trailer(
    label: str, layout: Layout, delivery: RawDelivery, sums: dict[str, Sums]
) -> Decimal:
    """Hold the sums against the trailer; return pounds of the trailer that no row can account for.

    Pounds in rows that cannot be read are what is left of the trailer's sum; without such rows it
    must come out exactly. Zero where the layout has no trailer.
    """
    unreadable = Decimal(0)
    if layout.trailer is None:
        return unreadable
    for field, total in zip(layout.trailer.fields, delivery.trailer, strict=True):
        record = field.count or field.sum or ""
        broken = sum(row.table == layout.records[record].driving for row in delivery.broken)
        if field.count is not None:
            rows = sums[record].candidate_rows + broken
            if rows != total:
                raise _wrong_trailer(label, f"{rows} {record} lines", f"{total}")
            continue
        pounds = Decimal(total) / 100
        found = sums[record].candidate_gbp or Decimal(0)
        if sums[record].unreadable_rows + broken == 0 and found != pounds:
            raise _wrong_trailer(label, f"£{found:,.2f} in {record} lines", f"£{pounds:,.2f}")
        unreadable += pounds - found
    return unreadable


def _wrong_trailer(label: str, found: str, expected: str) -> RefusedFileError:
    return RefusedFileError(
        label,
        found,
        f"{expected} by its trailer",
        f"the file was cut short or changed: {ASK_AGAIN}",
    )
