"""Two builds row for row: which tables differ, and which rows make the difference."""

from __future__ import annotations

import duckdb

from openlsi.warehouse.content import quoted, table_columns

_ROWS_SHOWN = 3


def _columns_of(
    con: duckdb.DuckDBPyConnection, database: str, schema: str
) -> dict[str, dict[str, str]]:
    con.execute(f"use {quoted(database)}")
    return table_columns(con, schema)


def _rows_without_match(
    con: duckdb.DuckDBPyConnection, table: str, columns: list[str], here: str, there: str
) -> list[str]:
    """Return what `here` has and `there` has not, counting a row as often as it comes."""
    listed = ", ".join(quoted(column) for column in columns)
    # Not `except`: a row that comes twice on one side and once on the other is a difference.
    unmatched = (
        f"select {listed} from {quoted(here)}.{table}"
        f" except all select {listed} from {quoted(there)}.{table}"
    )
    found = con.execute(
        f"select cast(unmatched as varchar), count(*) over () from ({unmatched}) as unmatched"
        f" order by all limit {_ROWS_SHOWN}"
    ).fetchall()
    return [f"{row} ({count} such rows)" if count > 1 else row for row, count in found]


def differences(con: duckdb.DuckDBPyConnection, left: str, right: str, schema: str) -> list[str]:
    """Return one sentence for each thing in which two attached databases differ in a schema.

    `left` and `right` are the databases' names on the connection; a view that names its own
    database only works where that is the name of its file without the suffix. Compared are the
    tables and views there are, their columns and types, and every row, without `build_id`; for a
    row without its like the sentence gives the row, key columns first. No sentence means equal.

    Raises WarehouseError where a schema holds no table.
    """
    in_left, in_right = _columns_of(con, left, schema), _columns_of(con, right, schema)
    found = [f"{schema}.{name}: only in {left}" for name in sorted(in_left.keys() - in_right)]
    found += [f"{schema}.{name}: only in {right}" for name in sorted(in_right.keys() - in_left)]
    for name in sorted(in_left.keys() & in_right):
        columns, others = list(in_left[name].items()), list(in_right[name].items())
        if columns != others:
            unequal = [pair for pair in columns if pair not in others] or columns
            found.append(f"{schema}.{name}: columns differ, {left} has {unequal}, {right} {others}")
            continue
        table = f"{quoted(schema)}.{quoted(name)}"
        for here, there in ((left, right), (right, left)):
            rows = _rows_without_match(con, table, list(in_left[name]), here, there)
            found += [f"{schema}.{name}: only in {here}: {row}" for row in rows]
    return found
