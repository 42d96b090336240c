"""Rows that are read ahead arrive whole, and what goes wrong with them is told, not lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from openlsi.bi.contents import Generation
from openlsi.bi.errors import PublishError
from openlsi.bi.postgres.reading_ahead import ReadingAhead
from openlsi.bi.relations import Column, Table

ROWS = 700_000  # more than waits for the server at a time


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute(
            f"create table many as select cast(range % 12 as varchar) as district_code,"
            f" cast(range as decimal(18, 2)) as owed_gbp from range({ROWS});"
            " create table few as select 1 as number;"
            " create table none as select 1 as number limit 0"
        )
        yield con


def table(name: str, columns: dict[str, str], owner: str | None = None) -> Table:
    told = tuple(Column(one, kind, "") for one, kind in columns.items())
    return Table("district", name, "", told, "districts", name, owner)


MANY = table("many", {"district_code": "VARCHAR", "owed_gbp": "DECIMAL(18,2)"}, "district_code")
FEW, NONE = (table(name, {"number": "INTEGER"}) for name in ("few", "none"))
GONE = table("gone", {"number": "INTEGER"})


def ahead(con: duckdb.DuckDBPyConnection, *tables: Table) -> ReadingAhead:
    nothing: Any = None
    return ReadingAhead(Generation(con, "b1", nothing, nothing, None), tables)


def threads() -> int:
    return sum(one.name == "reading ahead" for one in threading.enumerate())


def test_every_row_of_every_table_arrives_with_its_totals(con: duckdb.DuckDBPyConnection) -> None:
    with ahead(con, MANY, NONE, FEW) as reading:
        many = reading.rows().read_all()
        totals = reading.totals()
        assert reading.rows().read_all().num_rows == reading.totals().rows == 0
        assert reading.rows().read_all()["number"].to_pylist() == [1]
    assert (totals.rows, totals.sums) == (ROWS, {"owed_gbp": Decimal(ROWS * (ROWS - 1) // 2)})
    owed = many["owed_gbp"].cast(pa.int64()).to_pylist()
    assert sorted(owed) == list(range(ROWS))
    # Mixed throughout: a thousandth of the rows is of every district.
    assert owed[:1000] != sorted(owed[:1000])
    assert len(set(many["district_code"].to_pylist()[:700])) == 12
    assert threads() == 0


def test_a_fault_in_reading_is_told_when_its_table_is_asked_for(
    con: duckdb.DuckDBPyConnection,
) -> None:
    with ahead(con, FEW, GONE) as reading:
        reading.rows().read_all()
        assert reading.totals().rows == 1
        with pytest.raises(duckdb.CatalogException, match="gone"):
            reading.rows()
        with pytest.raises(duckdb.CatalogException, match="gone"):
            reading.totals()


def test_whoever_stops_in_the_middle_leaves_no_thread_behind(
    con: duckdb.DuckDBPyConnection,
) -> None:
    with pytest.raises(ZeroDivisionError), ahead(con, MANY, FEW) as reading:
        reading.rows().read_next_batch()
        with pytest.raises(PublishError, match="not taken to their end"):
            reading.totals()
        _ = 1 / 0
    assert threads() == 0
    assert con.execute("select number from few").fetchall() == [(1,)]
