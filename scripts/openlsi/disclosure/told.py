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
# Where a table says of how many districts its figures are.
_COVERAGE = "coverage_text"


def lay_told(con: duckdb.DuckDBPyConnection, spec: TableSpec, specs: Specs, rules: Rules) -> None:
    """Lay a table beside the stage for each column that rows name the figures of."""
    for column in spec.columns:
        if column.kind != "told":
            continue
        names = ", ".join(quoted(name) for name in (column.table, column.column, column.where))
        named = con.execute(f"select distinct {names} from stage").fetchall()
        con.execute(
            f"create or replace temp table {_laid(column)} (figure_table varchar,"
            " figure_column varchar, figure_filter varchar, month date, value double, mark varchar,"
            " coverage varchar)"
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
    says_from = any(column.name == _COVERAGE for column in spec.columns)
    return (
        f"select {literal(spec.table)}, {literal(figure)}, {literal(where)},"
        f" {MONTH if MONTH in spec.keys else latest}, cast({quoted(figure)} as double),"
        f" {mark(figure) if is_told else 'null'}, {_COVERAGE if says_from else 'null'}"
        f" from published.{quoted(spec.table)}"
        f" where {' and '.join(conditions) or 'true'}"
    )


def told_column(column: Any, alias: str) -> tuple[list[str], list[str]]:
    """Return what a column adds to a select over `row`, and the join that it needs."""
    return [
        f"{alias}.value as {quoted(column.name)}",
        f"case when {alias}.value is null then coalesce({alias}.mark, 'x') end"
        f" as {mark(column.name)}",
    ], [_joined(column, alias)]


def told_from_column(column: Any, told: Any, alias: str) -> tuple[list[str], list[str]]:
    """Return the words that go with a told column, and the join that they need."""
    return [f"{alias}.coverage as {quoted(column.name)}"], [_joined(told, alias)]


def _joined(told: Any, alias: str) -> str:
    month = f"row.{quoted(told.month)}"
    wanted = f"cast({month} - interval {told.months_before} month as date)"
    return (
        f"left join {_laid(told)} as {alias}"
        f" on {alias}.figure_table = row.{quoted(told.table)}"
        f" and {alias}.figure_column = row.{quoted(told.column)}"
        f" and {alias}.figure_filter = row.{quoted(told.where)}"
        f" and {alias}.month = {wanted}"
    )


def _laid(column: Any) -> str:
    return quoted(f"told_{column.name}")
