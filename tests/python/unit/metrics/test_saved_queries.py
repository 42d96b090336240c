"""Saved queries become tables of schema `metrics`, typed so that every reader knows them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from tiny_project import Tiny

from openlsi.warehouse.metricflow import MetricEngine
from openlsi.warehouse.saved_queries import materialise_saved_queries


@pytest.fixture(scope="module")
def built(tiny: Tiny, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("saved") / "secure.duckdb"
    shutil.copyfile(tiny.warehouse, path)
    with duckdb.connect(str(path)) as con:
        con.execute("create schema metrics")
        con.execute("create table metrics.a_query_since_deleted as select 1")
        materialise_saved_queries(con, tiny.manifests, "build-1")
    yield path


def test_each_saved_query_is_a_table_and_nothing_else_is(tiny: Tiny, built: Path) -> None:
    with duckdb.connect(str(built), read_only=True) as con:
        tables = con.execute(
            "select table_name from information_schema.tables where table_schema = 'metrics'"
        ).fetchall()
    told = {"metric_definitions", "metric_lineage", "mart_lineage"}
    expected = {query.name for query in tiny.engine.saved_queries()} | told
    assert {name for (name,) in tables} == expected


def test_columns_have_types_that_old_readers_know_and_a_build_id(built: Path) -> None:
    with duckdb.connect(str(built), read_only=True) as con:
        columns = con.execute(
            "select table_name, column_name, data_type from information_schema.columns "
            "where table_schema = 'metrics'"
        ).fetchall()
        builds = con.execute("select distinct build_id from metrics.county_cts_month").fetchall()
    assert builds == [("build-1",)]
    for table, column, kind in columns:
        assert kind != "HUGEINT", (table, column)
        assert not kind.startswith("DECIMAL(38"), (table, column)
        assert column != "metric_time__month" or kind == "DATE"


def test_pounds_of_the_districts_add_to_the_county(built: Path) -> None:
    with duckdb.connect(str(built), read_only=True) as con:
        apart = con.execute(
            "with districts as (select metric_time__month, sum(cts_recognised_gbp) as gbp "
            "from metrics.district_cts_month group by all) "
            "select count(*), count(*) filter (where gbp <> cts_recognised_gbp) "
            "from metrics.county_cts_month inner join districts using (metric_time__month)"
        ).fetchone()
    assert apart == (15, 0)


def test_definitions_hold_every_metric_with_its_sql(tiny: Tiny, built: Path) -> None:
    with duckdb.connect(str(built), read_only=True) as con:
        told = con.execute(
            "select name, is_figure, compiled_sql from metrics.metric_definitions"
        ).fetchall()
    assert {name for name, _, _ in told} == {metric.name for metric in tiny.engine.metrics()}
    assert all(sql.lower().startswith(("select", "with")) for _, _, sql in told)
    assert ("cts_recognised_largest_gbp", False) in {(name, shown) for name, shown, _ in told}


def test_what_was_compiled_is_compiled_once_and_read_whole_or_not(
    tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, question = tmp_path / "compiled.json", (["cts_recognised_gbp"], ["metric_time__month"])
    first = MetricEngine(tiny.manifests, kept)
    sql = first.compile(*question)
    first.keep_compiled()
    for damage in (kept.read_text()[:-1], "[1]"):
        (tmp_path / "damaged.json").write_text(damage)
        assert MetricEngine(tiny.manifests, tmp_path / "damaged.json").compile(*question) == sql
    monkeypatch.setattr(MetricEngine, "_newly_explained", lambda *_, **__: "compiled anew")
    assert MetricEngine(tiny.manifests, kept).compile(*question) == sql
    assert MetricEngine(tiny.manifests, kept).compile(["overdue_gbp"]) == "compiled anew"
