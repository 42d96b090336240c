"""What a build holds, whatever the bytes of its file: one hash a table."""

from __future__ import annotations

import hashlib

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from openlsi.warehouse.errors import WarehouseError

# It differs between any two builds, equal or not.
BUILD_COLUMN = "build_id"

_COLUMNS = """
select table_name, column_name, data_type
from duckdb_columns()
where database_name = current_database() and schema_name = ? and not internal
order by table_name, column_index
"""


def table_columns(con: duckdb.DuckDBPyConnection, schema: str) -> dict[str, dict[str, str]]:
    """Return the tables and views of a schema with their columns and types, without `build_id`.

    Raises WarehouseError where the schema holds none: two empty schemas must not pass for equal.
    """
    tables: dict[str, dict[str, str]] = {}
    for table, column, data_type in con.execute(_COLUMNS, [schema]).fetchall():
        columns = tables.setdefault(table, {})
        if column != BUILD_COLUMN:
            columns[column] = data_type
    if not tables:
        raise WarehouseError(f"schema {schema}: no table in it to compare; is the file built?")
    return tables


def quoted(name: str) -> str:
    """Return a name as SQL takes it, whatever letters it holds."""
    return '"' + name.replace('"', '""') + '"'


def _row_text(columns: dict[str, str]) -> str:
    # The length before each value: otherwise 'ab', 'c' and 'a', 'bc' would be one text, and an
    # empty text would be a missing one.
    values = (f"cast({quoted(column)} as varchar)" for column in columns)
    return " || ".join(f"coalesce(strlen({value}) || ':' || {value}, '-')" for value in values)


def _content_hash(
    con: duckdb.DuckDBPyConnection, schema: str, table: str, columns: dict[str, str]
) -> str:
    digest = hashlib.sha256(repr(list(columns.items())).encode())
    order = ", ".join(f"{quoted(column)} nulls first" for column in columns)
    rows = con.execute(
        f"select sha256({_row_text(columns)}) as row_hash"
        f" from {quoted(schema)}.{quoted(table)} order by {order}"
    )
    for batch in rows.to_arrow_reader():
        whole = pa.ListArray.from_arrays([0, len(batch)], batch.column(0))
        digest.update(pc.binary_join(whole, "")[0].as_py().encode())
    return digest.hexdigest()


def content_hashes(con: duckdb.DuckDBPyConnection, schema: str) -> dict[str, str]:
    """Return a SHA-256 of the content of each table and view of a schema, by its name.

    Equal builds have equal hashes, although their files never have equal bytes. What counts is the
    columns in their order with their types, and the rows with their values and how often each
    comes; what does not is `build_id` and the order in which rows are stored. Rows are taken in
    key order: sorted by the columns from the left, where every mart has its key, and the columns
    after it settle ties where a table has none. DuckDB sorts within the connection's memory limit
    and hands the hashes of the rows over in batches.

    Looks at the connection's current database only. An instant with a time zone is written in the
    connection's TimeZone, which is UTC in every build. Raises WarehouseError where the schema
    holds no table.
    """
    return {
        table: _content_hash(con, schema, table, columns)
        for table, columns in table_columns(con, schema).items()
    }
