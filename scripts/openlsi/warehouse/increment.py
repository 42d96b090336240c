"""What has come since the build before, and taking over the rows that it leaves as they were.

A slice is one district's month. Which extracts were in force is kept in each build's secure file;
a slice whose extracts are the same now has the same rows in every month-local table.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from openlsi.extract.ledger import accepted_extracts
from openlsi.home import Home
from openlsi.warehouse.content import BUILD_COLUMN
from openlsi.warehouse.errors import WarehouseError
from openlsi.warehouse.landed import Slice, slice_of
from openlsi.warehouse.month_local import MonthLocalTable

# What a build keeps for the one after it, beside the marts: no reader's business.
SCHEMA = "slices"
_IN_FORCE = f"{SCHEMA}.extract_in_force"
_STATE = pa.schema(
    [
        ("extract_id", pa.string()),
        ("revision", pa.int64()),
        ("district_code", pa.string()),
        ("month", pa.date32()),
    ]
)


def _in_force(home: Home) -> list[dict[str, object]]:
    return [
        {
            "extract_id": row["extract_id"],
            "revision": row["revision"],
            "district_code": slice_of(row)[0],
            "month": slice_of(row)[1],
        }
        for row in accepted_extracts(home).to_pylist()
        if row["is_in_force"]
    ]


def keep_state(con: duckdb.DuckDBPyConnection, home: Home, build_id: str) -> None:
    """Write into a build's secure file which extracts it was made of."""
    con.execute(f"create schema if not exists {SCHEMA}")
    con.register("arriving", pa.Table.from_pylist(_in_force(home), _STATE))
    con.execute(
        f"create or replace table {_IN_FORCE} as"
        f" select *, cast($build_id as varchar) as {BUILD_COLUMN} from arriving",
        {"build_id": build_id},
    )
    con.unregister("arriving")


def changed_slices(home: Home, previous: Path) -> frozenset[Slice] | None:
    """Return the districts' months whose extracts in force differ from those of an earlier build.

    `previous` is its secure file. None where everything has to be made anew: its rows were written
    again since (a person erased, a month let go, a key rotated), it keeps no state, or more than
    half of the slices have changed, so that taking over the rest saves little.
    """
    try:
        with duckdb.connect(str(previous), read_only=True) as con:
            before = con.execute(
                f"select extract_id, revision, district_code, month from {_IN_FORCE}"
            ).fetchall()
    except duckdb.Error:
        return None
    now = {(str(row["extract_id"]), row["revision"]): row for row in _in_force(home)}
    accepted = {
        row["extract_id"]: row["revision"]
        for row in accepted_extracts(home).select(["extract_id", "revision"]).to_pylist()
    }
    if any(accepted.get(extract_id) != revision for extract_id, revision, *_ in before):
        return None
    stood = {(extract_id, revision): (code, month) for extract_id, revision, code, month in before}
    changed = {place for key, place in stood.items() if key not in now}
    changed |= {slice_of(row) for key, row in now.items() if key not in stood}
    if 2 * len(changed) > len({slice_of(row) for row in now.values()}):
        return None
    return frozenset(changed)


def begin_with(previous: Path, target: Path, tables: Sequence[MonthLocalTable]) -> None:
    """Begin a secure file with the month-local tables of an earlier build, and nothing else."""
    shutil.copyfile(previous, target)
    kept = {(table.schema, table.name) for table in tables}
    with duckdb.connect(str(target)) as con:
        found = con.execute(
            "select schema_name, table_name from duckdb_tables() where not internal"
        ).fetchall()
        for schema, name in found:
            if (schema, name) not in kept:
                con.execute(f'drop table "{schema}"."{name}"')


def replace_slices(
    con: duckdb.DuckDBPyConnection,
    increment: Path,
    tables: Sequence[MonthLocalTable],
    slices: Collection[Slice],
    build_id: str,
) -> None:
    """Put the rows of changed slices, as built in the file `increment`, in the place of the old.

    Every row then names the build that is being made. Raises WarehouseError where the increment has
    a row of another slice: its table is not month-local, and would hold that row twice.
    """
    con.execute(f"attach '{increment}' as increment (read_only)")
    con.execute("create temp table changed_slice (district_code varchar, slice_month date)")
    # None has changed where only the day has; DuckDB refuses to insert an empty list.
    if slices:
        con.executemany(
            "insert into changed_slice values (?, ?)", [list(place) for place in slices]
        )
    for table in tables:
        name = f'"{table.schema}"."{table.name}"'
        place = f"(district_code, {table.slice_month})"
        stray = con.execute(
            f"select {place} from increment.{name}"
            f" where {place} not in (from changed_slice) limit 1"
        ).fetchone()
        if stray:
            raise WarehouseError(
                f"{table.name}: has a row of {stray[0]} made from extracts of other months or"
                " districts; a model that needs those may not be tagged month_local"
            )
        con.execute(f"delete from {name} where {place} in (from changed_slice)")
        con.execute(f"insert into {name} by name select * from increment.{name}")
        _name_the_build(con, table, build_id)
    con.execute("drop table changed_slice")
    con.execute("detach increment")


def _name_the_build(con: duckdb.DuckDBPyConnection, table: MonthLocalTable, build_id: str) -> None:
    """Give every row the same build. A column with a default costs no pass over the rows."""
    name = f'"{table.schema}"."{table.name}"'
    con.execute(f"alter table {name} drop column {BUILD_COLUMN}")
    con.execute(f"alter table {name} add column {BUILD_COLUMN} varchar default '{build_id}'")
