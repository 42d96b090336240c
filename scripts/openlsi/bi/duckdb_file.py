"""A DuckDB file for an analyst: one district's rows, or the county's published tables.

A file knows no users: whoever has it reads all of it. So it holds what one role of the database
would see and nothing else, and its owner alone may open it.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from openlsi.bi.contents import Generation
from openlsi.bi.errors import PublishError
from openlsi.bi.reconciling import totals_of, totals_query
from openlsi.bi.relations import SCHEMAS, Contents, Table, View, literal, quoted

SUFFIX = ".duckdb"


@dataclass(frozen=True)
class WrittenFile:
    """What one file came to."""

    build_id: str
    tables: int
    views: int
    rows: int
    seconds: float


def write_file(generation: Generation, path: Path, district_code: str | None) -> WrittenFile:
    """Write the file of one district, or of the county where none is named, and put it in place.

    It is written beside its place and renamed, so that who has the old one open goes on reading it.
    Raises PublishError where the file cannot be written, and leaves what stood there.
    """
    began = time.monotonic()
    _refuse_name(path)
    whole = generation.contents()
    contents = _of(whole, "districts" if district_code else "county")
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        rows = _fill(generation.con, beside, contents, district_code)
        beside.replace(path)
    except (OSError, duckdb.IOException) as error:
        raise PublishError(
            f"{path}: cannot be written ({str(error).splitlines()[0]}); what stood there is as"
            " it was"
        ) from None
    finally:
        beside.unlink(missing_ok=True)
        beside.with_name(f"{beside.name}.wal").unlink(missing_ok=True)
    return WrittenFile(
        contents.build_id,
        len(contents.tables),
        len(contents.views),
        rows,
        time.monotonic() - began,
    )


def _refuse_name(path: Path) -> None:
    if not path.parent.is_dir():
        raise PublishError(f"{path}: there is no folder {path.parent}; make it first")
    if path.stem in SCHEMAS:
        raise PublishError(
            f"{path}: DuckDB calls a file by its name, and {path.stem} is a schema in it; choose"
            " another name"
        )


def _of(contents: Contents, readers: str) -> Contents:
    return Contents(
        contents.build_id,
        tuple(one for one in contents.tables if one.readers == readers),
        tuple(one for one in contents.views if one.over.readers == readers),
    )


def _fill(
    con: duckdb.DuckDBPyConnection, beside: Path, contents: Contents, district_code: str | None
) -> int:
    """Write tables, views and words, and hold each table against its source; return the rows."""
    # Nobody else may read it from its first byte on.
    old_mask = os.umask(0o177)
    try:
        # As the publication: every DuckDB since 1.0 reads it, those inside BI drivers too.
        con.execute(f"attach {literal(str(beside))} as file (storage_version 'v1.0.0')")
    finally:
        os.umask(old_mask)
    rows = 0
    everything: tuple[Table | View, ...] = (*contents.tables, *contents.views)
    # One transaction: each of two thousand comments would else be flushed to the disk by itself.
    con.execute("begin")
    try:
        for schema in dict.fromkeys(one.schema for one in everything):
            con.execute(f"create schema file.{schema}")
        for table in contents.tables:
            rows += _copy(con, table, district_code)
        con.execute("use file")
        for view in contents.views:
            # Without the file's own name in it, so that the file may be called anything.
            con.execute(f"create view {view.full_name} as {view.select}")
        for one in everything:
            _comment(con, one)
        con.execute(
            "create table main.publication as select"
            f" {literal(contents.build_id)} as build_id, now()::timestamp as published_at,"
            f" {literal(district_code or 'county')} as of"
        )
        con.execute("commit")
    except BaseException:
        con.execute("rollback")
        raise
    finally:
        con.execute("use memory")
        con.execute("detach file")
    return rows


def _copy(con: duckdb.DuckDBPyConnection, table: Table, district_code: str | None) -> int:
    conditions = [table.where] if table.where else []
    if table.owner_column and district_code:
        conditions.append(f"{quoted(table.owner_column)} = {literal(district_code)}")
    where = " and ".join(conditions)
    chosen = ", ".join(quoted(one.name) for one in table.columns)
    con.execute(
        f"create table file.{table.full_name} as select {chosen} from {table.source}"
        f"{f' where {where}' if where else ''}"
    )
    here = con.execute(totals_query(table, table.source, where)).fetchone() or ()
    there = con.execute(totals_query(table, f"file.{table.full_name}", "")).fetchone() or ()
    totals, copied = totals_of(table, here), totals_of(table, there)
    if totals != copied:
        raise PublishError(f"{table.schema}.{table.name}: {totals.difference(copied)}")
    return totals.rows


def _comment(con: duckdb.DuckDBPyConnection, one: Table | View) -> None:
    kind = "table" if isinstance(one, Table) else "view"
    con.execute(f"comment on {kind} {one.full_name} is {literal(one.comment)}")
    for column in one.columns:
        if column.comment:
            con.execute(
                f"comment on column {one.full_name}.{quoted(column.name)}"
                f" is {literal(column.comment)}"
            )
