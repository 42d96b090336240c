"""Stand-ins for marts that no test needs figures of: one row a district and month, by contract.

Their figures are nought, so that what should add up does.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import yaml
from tiny_project import ROOT, mart_names

_VALUES = {
    "string": "'a'",
    "date": "cast(month as date)",
    "timestamp": "month",
    "decimal(18,2)": "cast(0 as decimal(18, 2))",
    "boolean": "false",
    "integer": "0",
    "bigint": "0",
}
_OF_THE_ROW = {"district_code": "district_code", "month": "cast(month as date)"}


def add_missing(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Make every mart that a metric file reads and that is not made by hand; return their names."""
    made = connection.execute(
        "select table_name from information_schema.tables where table_schema = 'marts'"
    ).fetchall()
    missing = [name for name in mart_names() if (name,) not in made]
    for name in missing:
        connection.execute(_statement(name))
    return missing


def _statement(name: str) -> str:
    (path,) = (ROOT / "models").rglob(f"{name}.yml")
    (model,) = _models(path)
    columns = [
        f"{_OF_THE_ROW.get(column['name'], _VALUES.get(column['data_type'], 'null'))}"
        f" as {column['name']}"
        for column in model["columns"]
        if column["name"] != "build_id"
    ]
    # A dimension has no month, and its values here are all alike: one row is all that it can hold.
    one = "limit 1" if name.startswith("dim_") else ""
    return f"""
        create table marts.{name} as
        select {", ".join(columns)}
        from (values ('E07000105'), ('E07000106'), ('E07000108')) as district(district_code)
        cross join generate_series(
            timestamp '2025-04-01', timestamp '2026-06-01', interval 1 month
        ) as calendar(month)
        {one}
    """


def _models(path: Path) -> list[dict[str, list[dict[str, str]]]]:
    models: list[dict[str, list[dict[str, str]]]] = yaml.safe_load(path.read_text())["models"]
    return models
