"""Control totals: rows and pounds in are rows and pounds accepted and set aside, or no deal."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import duckdb

from openlsi.extract.layouts import Layout
from openlsi.extract.reading import RawDelivery
from openlsi.extract.records import FeedDefinition
from openlsi.extract.refusals import ASK_AGAIN, RefusedFileError
from openlsi.extract.statements import RecordStatements


class RowsLostError(Exception):
    """Rows or pounds do not add up; the delivery is refused."""

    def __init__(self, what: str, expected: object, found: object) -> None:
        super().__init__(f"{what}: {found} of {expected}")


@dataclass
class Sums:
    """Rows and pounds of one record: candidates, and the accepted part of them."""

    candidate_rows: int
    accepted_rows: int
    accepted_source_rows: int
    candidate_gbp: Decimal | None
    accepted_gbp: Decimal | None
    unreadable_rows: int


def totals(
    connection: duckdb.DuckDBPyConnection,
    statements: RecordStatements,
    definition: FeedDefinition,
    rows: int,
) -> Sums:
    """Return rows and pounds of one judged record; raise if rows were lost or made."""
    is_control = definition.control.record == statements.record and definition.control.column
    control = f"v_{definition.control.column}" if is_control else "cast(null as decimal(18, 2))"
    found = connection.execute(
        f"""
        select
            count(*), count(*) filter (fault = 0), count(distinct source_row) filter (fault = 0),
            sum({control}), sum({control}) filter (fault = 0), count(*) filter ({control} is null)
        from typed_{statements.record}
        """
    ).fetchone()
    assert found is not None
    candidates, accepted, source_rows, gbp, accepted_gbp, unreadable = found
    if not statements.mapping.blocks and candidates != rows:
        raise RowsLostError(statements.record, rows, candidates)
    return Sums(
        candidates, accepted, source_rows, gbp, accepted_gbp, unreadable if is_control else 0
    )


def check_rows_add(
    raw: RawDelivery, statements: list[RecordStatements], sums: dict[str, Sums], set_aside: int
) -> None:
    """Hold rows accepted and set aside against the rows of the tables they come from."""
    accepted = {
        record.mapping.driving: sums[record.record].accepted_source_rows
        for record in statements
        if not record.mapping.blocks
    }
    expected = sum(raw.tables[table].rows.num_rows for table in accepted) + len(raw.broken)
    if sum(accepted.values()) + set_aside != expected:
        raise RowsLostError("rows", expected, sum(accepted.values()) + set_aside)


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
