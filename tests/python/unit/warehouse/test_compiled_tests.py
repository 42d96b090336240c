"""Tests that dbt has compiled are run again as they are, find what is at fault, or are not kept."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from openlsi.warehouse.compiled_tests import (
    CompiledTest,
    Kept,
    failures,
    keep_tests,
    kept_of,
    take_tests,
)

NEGATIVE = CompiledTest("no_pound_is_negative", "models/a.yml", "p/a.sql", "from a where gbp < 0")
MISSING = CompiledTest("every_b_is_an_a", "models/b.yml", "p/b.sql", "from b -- says why")
DEFAULTS = {
    "severity": "ERROR",
    "fail_calc": "count(*)",
    "warn_if": "!= 0",
    "error_if": "!= 0",
    "limit": None,
    "store_failures": None,
}


def ran(artifacts: Path, name: str, sql: str, **config: Any) -> Any:
    """A result as dbt gives it."""
    node = SimpleNamespace(
        resource_type="test",
        name=name,
        original_file_path=f"models/{name}.yml",
        compiled_path=str(artifacts / "compiled" / "openlsi" / f"{name}.sql"),
        compiled_code=sql,
        config=SimpleNamespace(**(DEFAULTS | config)),
    )
    return SimpleNamespace(node=node)


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("create table a as select unnest([1, -2, -3]) as gbp")
    return con


def test_what_differs_from_build_to_build_or_asks_for_more_is_left_to_dbt(tmp_path: Path) -> None:
    results = [
        ran(tmp_path, "plain", "select 1"),
        ran(tmp_path, "of_the_day", "select date '2026-11-15'"),
        ran(tmp_path, "lenient", "select 1", severity="WARN"),
        ran(tmp_path, "some", "select 1", error_if="> 5"),
        SimpleNamespace(node=SimpleNamespace(resource_type="model")),
    ]
    kept = kept_of(results, tmp_path, {"today": "2026-11-15", "known_at": ""})
    assert kept.tests == [
        CompiledTest("plain", "models/plain.yml", "openlsi/plain.sql", "select 1")
    ]
    assert kept.left == ["of_the_day", "lenient", "some"]


def test_what_is_kept_is_taken_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "models.tests.json"
    assert take_tests(path) is None
    keep_tests(path, Kept([NEGATIVE], ["of_the_day"]))
    assert take_tests(path) == Kept([NEGATIVE], ["of_the_day"])
    whole = path.read_bytes()
    for spoilt in (whole[:-9], whole.replace(b"< 0", b"< 9"), b"", b"\xff\n{}"):
        path.write_bytes(spoilt)
        assert take_tests(path) is None
    # No parse beside which it could stand.
    keep_tests(tmp_path / "gone" / "models.tests.json", Kept([NEGATIVE], []))
    assert not (tmp_path / "gone").exists()


def test_rows_at_fault_are_counted_and_the_query_laid_where_dbt_would(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    found = failures(con, [NEGATIVE], tmp_path, is_whole=True)
    assert found == [(NEGATIVE, 2)]
    assert (tmp_path / "compiled" / "p" / "a.sql").read_text() == NEGATIVE.sql
    con.execute("delete from a where gbp < 0")
    assert failures(con, [NEGATIVE], tmp_path, is_whole=True) == []


def test_a_table_that_is_missing_is_passed_over_only_where_a_model_failed(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    assert failures(con, [MISSING, NEGATIVE], tmp_path, is_whole=False) == [(NEGATIVE, 2)]
    with pytest.raises(duckdb.CatalogException):
        failures(con, [MISSING, NEGATIVE], tmp_path, is_whole=True)
