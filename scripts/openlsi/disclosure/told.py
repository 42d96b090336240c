"""Figures that a row names: table, column and row of another published table, as shown there.

A county writes down which figures it steers by; nothing is worked out, so nothing more is told.
"""

from __future__ import annotations

import json
from typing import Any

import duckdb

from openlsi.disclosure.rules import Rules
from openlsi.disclosure.spec import Specs, TableSpec, is_marked
from openlsi.disclosure.wording import literal, mark, quoted

# The key of most tables; the figures of one without it are those of the latest month.
MONTH = "month"


def lay_told(con: duckdb.DuckDBPyConnection, spec: TableSpec, specs: Specs, rules: Rules) -> None:
    """Lay a table beside the stage for each column that rows name the figures of."""
    for column in spec.columns:
        if column.kind != "told":
            continue
        names = ", ".join(quoted(name) for name in (column.table, column.column, column.where))
        named = con.execute(f"select distinct {names} from stage").fetchall()
        con.execute(
            f"create or replace temp table {_laid(column)} (figure_table varchar,"
            " figure_column varchar, figure_filter varchar, month date, value double, mark varchar)"
        )
        for table, figure, where in named:
            # What an edition keeps back is told in none of its lists either.
            if table in specs and rules.edition in specs[table].editions:
                latest = f"(select max({quoted(column.month)}) from stage)"
                chosen = _chosen(specs[table], specs, figure, where, latest)
                con.execute(f"insert into {_laid(column)} {chosen}")


def _chosen(spec: TableSpec, specs: Specs, figure: str, where: str, latest: str) -> str:
    conditions = [
        f"cast({quoted(name)} as varchar) = {literal(value)}"
        for name, value in json.loads(where).items()
    ]
    is_told = is_marked(spec.column(figure), specs)
    return (
        f"select {literal(spec.table)}, {literal(figure)}, {literal(where)},"
        f" {MONTH if MONTH in spec.keys else latest}, cast({quoted(figure)} as double),"
        f" {mark(figure) if is_told else 'null'} from published.{quoted(spec.table)}"
        f" where {' and '.join(conditions) or 'true'}"
    )


def told_column(column: Any, alias: str) -> tuple[list[str], list[str]]:
    """Return what a column adds to a select over `row`, and the join that it needs."""
    month = f"row.{quoted(column.month)}"
    wanted = f"cast({month} - interval {column.months_before} month as date)"
    join = (
        f"left join {_laid(column)} as {alias}"
        f" on {alias}.figure_table = row.{quoted(column.table)}"
        f" and {alias}.figure_column = row.{quoted(column.column)}"
        f" and {alias}.figure_filter = row.{quoted(column.where)}"
        f" and {alias}.month = {wanted}"
    )
    return [
        f"{alias}.value as {quoted(column.name)}",
        f"case when {alias}.value is null then coalesce({alias}.mark, 'x') end"
        f" as {mark(column.name)}",
    ], [join]


def _laid(column: Any) -> str:
    return quoted(f"told_{column.name}")
