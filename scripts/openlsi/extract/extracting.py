"""One delivery through DuckDB: typed, judged, keyed, written to landing and quarantine."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa

from openlsi.extract.landing import landing_path, unfinished
from openlsi.extract.reading import RawDelivery
from openlsi.extract.records import FeedDefinition, Record
from openlsi.extract.refusals import RefusedFileError
from openlsi.extract.statements import RecordStatements
from openlsi.home import Home
from openlsi.identity.birth_facts import age_sql
from openlsi.identity.identities import IdentitySpec, learn_identities
from openlsi.identity.keys import DistrictKeys


@dataclass(frozen=True)
class Slot:
    """What an extract is of: a feed, a district, a month; and its id."""

    feed: str
    district_code: str
    month: date
    extract_id: str

    @property
    def month_end(self) -> date:
        """The day whose position the extract describes."""
        last = calendar.monthrange(self.month.year, self.month.month)[1]
        return self.month.replace(day=last)


@dataclass
class Sums:
    """Rows and pounds of one record: candidates, and the accepted part of them."""

    candidate_rows: int
    accepted_rows: int
    candidate_gbp: Decimal | None
    accepted_gbp: Decimal | None
    unreadable_rows: int


@dataclass
class Extraction:
    """What one delivery came to, before it is put in place."""

    records: list[dict[str, object]] = field(default_factory=list)
    sums: dict[str, Sums] = field(default_factory=dict)
    written: dict[Path, Path] = field(default_factory=dict)
    sealed: dict[str, pa.Table] = field(default_factory=dict)


def identity_spec(name: str, definition: Record) -> IdentitySpec:
    """Return what a record knows of people and homes, in the terms of the identity package."""
    columns = definition.columns
    return IdentitySpec(
        record=name,
        identifiers=tuple(definition.identifiers),
        keys={n: (c.purpose or "", tuple(c.of)) for n, c in definition.keys.items()},
        areas={n: c.of[0] for n, c in columns.items() if c.type == "area"},
        pension_months={n: c.of[0] for n, c in columns.items() if c.type == "pension_age_month"},
    )


def judge(
    connection: duckdb.DuckDBPyConnection,
    statements: RecordStatements,
    definition: FeedDefinition,
    delivery: RawDelivery,
) -> Sums:
    """Type one record and find the first fault of each row; raise if rows are lost or made."""
    typed = f"typed_{statements.record}"
    connection.execute(statements.typed)
    driving = delivery.tables[statements.mapping.driving].rows.num_rows
    if statements.mapping.lookups:
        _set_aside_fan_out(connection, statements, driving)
    is_control = definition.control.record == statements.record
    control = f"v_{definition.control.column}" if is_control else "cast(null as decimal(18, 2))"
    unique = ", ".join(
        f"i_{n}" if n in statements.definition.identifiers else f"v_{n}"
        for n in statements.definition.unique
    )
    query = f"""
        select
            count(*), count(*) filter (fault = 0),
            sum({control}), sum({control}) filter (fault = 0),
            count(*) filter ({control} is null),
            count(distinct ({unique})) filter (fault = 0)
        from {typed}
    """
    rows, accepted, gbp, accepted_gbp, unreadable, distinct = _only_row(connection, query)
    if distinct < accepted:
        # The first of equal keys stays: which of them is right cannot be told from the file.
        connection.execute(
            f"""
            update {typed} set fault = {statements.duplicate_fault}, value_kind = 'repeated key'
            where rowid in (
                select rowid from (
                    select rowid, row_number() over (
                        partition by {unique} order by source_row, block_number
                    ) as occurrence
                    from {typed} where fault = 0
                ) as occurrences
                where occurrence > 1
            )
            """
        )
        rows, accepted, gbp, accepted_gbp, unreadable, _ = _only_row(connection, query)
    if not statements.mapping.blocks and rows != driving:
        raise RowsLostError(statements.record, driving, rows)
    return Sums(rows, accepted, gbp, accepted_gbp, unreadable if is_control else 0)


class RowsLostError(Exception):
    """A record has other rows than the table it comes from; the delivery is refused."""

    def __init__(self, record: str, expected: int, found: int) -> None:
        super().__init__(f"{record}: {found} rows out of {expected}")


_Stats = tuple[int, int, Decimal | None, Decimal | None, int, int]


def _only_row(connection: duckdb.DuckDBPyConnection, query: str) -> _Stats:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row


def _set_aside_fan_out(
    connection: duckdb.DuckDBPyConnection, statements: RecordStatements, driving: int
) -> None:
    """Keep one copy, at fault, of a row for which a look-up table holds several rows."""
    typed = f"typed_{statements.record}"
    (rows,) = connection.execute(f"select count(*) from {typed}").fetchone() or (0,)
    if rows == driving:
        return
    connection.execute(
        f"""
        create or replace temp table fanned_out as
        select source_row, block_number, min(rowid) as kept from {typed}
        group by source_row, block_number having count(*) > 1
        """
    )
    connection.execute(
        f"""
        delete from {typed}
        where (source_row, block_number) in (select (source_row, block_number) from fanned_out)
            and rowid not in (select kept from fanned_out)
        """
    )
    connection.execute(
        f"update {typed} set fault = {statements.lookup_fault}, value_kind = 'several rows'"
        " where (source_row, block_number) in (select (source_row, block_number) from fanned_out)"
    )


def check_trailer(
    file_name: str,
    delivery: RawDelivery,
    layout_fields: list[tuple[str, str]],
    sums: dict[str, Sums],
) -> Decimal:
    """Hold the sums against the trailer; return pounds of the trailer that no row can account for.

    `layout_fields` is (count or sum, record) in the trailer's order. Pounds in rows that cannot be
    read are what is left of the trailer's sum; without such rows it must come out exactly.
    """
    unreadable = Decimal(0)
    for (kind, record), total in zip(layout_fields, delivery.trailer, strict=True):
        broken = sum(row.table == record for row in delivery.broken)
        if kind == "count":
            rows = sums[record].candidate_rows + broken
            if rows != total:
                raise _wrong_trailer(file_name, f"{rows} {record} lines", f"{total}")
            continue
        pounds = Decimal(total) / 100
        found = sums[record].candidate_gbp or Decimal(0)
        if sums[record].unreadable_rows + broken == 0 and found != pounds:
            raise _wrong_trailer(file_name, f"£{found:.2f} in {record} lines", f"£{pounds:.2f}")
        unreadable += pounds - found
    return unreadable


def _wrong_trailer(file_name: str, found: str, expected: str) -> RefusedFileError:
    return RefusedFileError(
        file_name, found, f"{expected} by its trailer", "lines were lost: ask for the file again"
    )


def land(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    keys: DistrictKeys,
    slot: Slot,
    statements: RecordStatements,
    extraction: Extraction,
) -> None:
    """Key the identities of one record and write its accepted rows under an unfinished name."""
    record, definition = statements.record, statements.definition
    spec = identity_spec(record, definition)
    fresh = learn_identities(connection, keys, spec, f"typed_{record}")
    if fresh is not None:
        extraction.sealed[f"identity_{record}"] = fresh
    relative = landing_path(slot.feed, record, slot.district_code, slot.month, slot.extract_id)
    target = home.landing / relative
    source = unfinished(target)
    extraction.written[target] = source
    path = str(source).replace("'", "''")
    copied = connection.execute(
        f"""
        copy (
            select
                '{slot.extract_id}' as extract_id,
                '{slot.district_code}' as district_code,
                date '{slot.month.isoformat()}' as month,
                source_row,
                {", ".join(_landing_columns(definition, slot.month_end))}
            from typed_{record} join {spec.known} as known using (identity)
            where fault = 0
        ) to '{path}' (format parquet, compression zstd)
        """
    ).fetchone()
    sums = extraction.sums[record]
    if copied is None or copied[0] != sums.accepted_rows:
        raise RowsLostError(record, sums.accepted_rows, copied[0] if copied else 0)
    gbp = None if sums.accepted_gbp is None else str(sums.accepted_gbp)
    extraction.records.append(
        {"record": record, "path": relative, "rows": sums.accepted_rows, "gbp": gbp}
    )


def _landing_columns(definition: Record, month_end: date) -> list[str]:
    columns = []
    for name, column in definition.columns.items():
        if column.type == "age":
            age = age_sql(f"v_{column.of[0]}", f"date '{month_end.isoformat()}'")
            columns.append(f"cast({age} as integer) as {name}")
        elif column.is_derived:
            columns.append(f"known.{name}")
        else:
            columns.append(f"v_{name} as {name}")
    return columns
