"""Saved queries as tables: what dbt leaves to a paid platform, done in the build itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from openlsi.disclosure.spec import TableSpec
from openlsi.failpoints import reach
from openlsi.warehouse.lineage import Lineage
from openlsi.warehouse.metric_lineage import write_lineage
from openlsi.warehouse.metricflow import Metric, MetricEngine, MetricError

# Sums come back as 128-bit integers and decimals, which older readers and PostgreSQL do not know.
_NARROWER = {"HUGEINT": "bigint", "TIMESTAMP": "date"}


@dataclass(frozen=True)
class MaterialisedQuery:
    """One table of schema `metrics`, with the SQL it was made by."""

    name: str
    rows: int
    sql: str


def materialise_saved_queries(
    con: duckdb.DuckDBPyConnection,
    manifest_dir: Path,
    build_id: str,
    compiled: Path | None = None,
    specs: Mapping[str, TableSpec] | None = None,
) -> list[MaterialisedQuery]:
    """Write each saved query to `metrics.<name>`, and what the metrics mean and are made from.

    `manifest_dir` holds dbt's two manifests, `compiled` is where the SQL of the same manifest is
    kept, and `specs` say which published columns show a metric. The schema is made anew: a query
    that was deleted must not leave its table behind.
    """
    engine = MetricEngine(manifest_dir, compiled)
    con.execute("drop schema if exists metrics cascade")
    con.execute("create schema metrics")
    made = []
    for query in engine.saved_queries():
        sql = engine.compile_saved(query)
        made.append(_materialise(con, query.name, sql, build_id))
        reach("metrics.table_written")
    made.append(_write_definitions(con, engine, build_id))
    write_lineage(con, Lineage.read(manifest_dir), specs or {}, build_id)
    engine.keep_compiled()
    return made


def _materialise(
    con: duckdb.DuckDBPyConnection, name: str, sql: str, build_id: str
) -> MaterialisedQuery:
    try:
        columns = con.execute(f"describe {sql}").fetchall()
        chosen = ", ".join(_narrowed(column, kind) for column, kind, *_ in columns)
        con.execute(
            f'create table metrics."{name}" as '
            f"select {chosen}, cast($build_id as varchar) as build_id from ({sql}) order by all",
            {"build_id": build_id},
        )
    except duckdb.Error as error:
        raise MetricError(f"saved query {name}: {error}") from error
    return MaterialisedQuery(name, _row_count(con, name), sql)


def _narrowed(column: str, kind: str) -> str:
    if kind.startswith("DECIMAL(38,"):
        return f'cast("{column}" as decimal(18,{kind.removeprefix("DECIMAL(38,")}) as "{column}"'
    if kind in _NARROWER:
        return f'cast("{column}" as {_NARROWER[kind]}) as "{column}"'
    return f'"{column}"'


def _write_definitions(
    con: duckdb.DuckDBPyConnection, engine: MetricEngine, build_id: str
) -> MaterialisedQuery:
    """Write one row a metric, with the SQL that answers it by month, for the definitions page."""
    con.execute(
        "create table metrics.metric_definitions (name varchar, label varchar, "
        "description varchar, kind varchar, unit varchar, numerator varchar, denominator varchar, "
        "why_it_matters varchar, good_direction varchar, owner varchar, definition varchar, "
        "is_figure boolean, compiled_sql varchar, build_id varchar)"
    )
    con.executemany(
        "insert into metrics.metric_definitions values (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        [_definition(engine, metric, build_id) for metric in engine.metrics()],
    )
    return MaterialisedQuery("metric_definitions", _row_count(con, "metric_definitions"), "")


def _definition(engine: MetricEngine, metric: Metric, build_id: str) -> list[object]:
    words = [
        metric.meta.get(key)
        for key in (
            "unit",
            "numerator",
            "denominator",
            "why_it_matters",
            "good_direction",
            "owner",
            "definition",
        )
    ]
    sql = engine.compile([metric.name], ["metric_time__month"])
    told = [metric.name, metric.label, metric.description, metric.kind, *words]
    # A figure measured again for other places has the definition of the metric that it is.
    is_figure = not metric.is_control and metric.same_as is None
    return [*told, is_figure, sql, build_id]


def _row_count(con: duckdb.DuckDBPyConnection, name: str) -> int:
    row = con.execute(f'select count(*) from metrics."{name}"').fetchone()
    return int(row[0]) if row else 0
