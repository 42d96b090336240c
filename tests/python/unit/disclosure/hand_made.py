"""Publish tables made by hand, so that each rule can be checked against figures worked by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import yaml

from openlsi.disclosure.publishing import publish_tables

MONTH = {"name": "month", "kind": "key", "source": "month"}
PLACE = {"name": "place", "kind": "key", "source": "place"}
PEOPLE = {"name": "people_count", "kind": "count", "source": "people"}
POUNDS = {"name": "spent_gbp", "kind": "pounds", "source": "spent", "count": "people_count"}
TO_COUNTY = {"table": "county", "match": {"month": "month"}, "columns": ["people_count"]}


def table(name: str, *columns: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return a file's content: a controlled table of this name read from its namesake."""
    return {
        "table": name,
        "title": name,
        "note": "Made by hand.",
        "source": name,
        "status": "controlled",
        "order": [column["name"] for column in columns if column.get("kind") == "key"],
        "columns": [dict(column) for column in columns],
        **more,
    }


def write_files(folder: Path, *tables: Mapping[str, Any]) -> list[Path]:
    """Write each table's file and return the paths."""
    paths = []
    for told in tables:
        path = folder / f"{told['table']}.yml"
        path.write_text(yaml.safe_dump(dict(told), sort_keys=False), encoding="utf-8")
        paths.append(path)
    return paths


@contextmanager
def published(
    folder: Path,
    metrics: Mapping[str, str],
    *tables: Mapping[str, Any],
    edition: str = "public",
    owner: str | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Publish `tables` over `metrics` (name → query) in memory; yield the connection."""
    paths = write_files(folder, *tables)
    with duckdb.connect() as con:
        con.execute("create schema metrics")
        for name, query in metrics.items():
            con.execute(f"create table metrics.{name} as {query}")
        parameters = {"build_id": "b1", "today": date(2026, 11, 1)}
        publish_tables(con, paths, edition, parameters, owner)
        yield con


def values(rows: list[tuple[Any, ...]], *names: str) -> str:
    """Return a query of these rows; None becomes null, the types are the values' own."""

    def told(value: Any) -> str:
        if value is None:
            return "null"
        if isinstance(value, date):
            return f"date '{value}'"
        return repr(value) if isinstance(value, str) else str(value)

    listed = ", ".join(f"({', '.join(told(value) for value in row)})" for row in rows)
    return f"select * from (values {listed}) as made({', '.join(names)})"


JUNE = date(2026, 6, 1)
