"""What dbt's manifest says of a project: tables, columns, tests, and what rests on what."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openlsi.report.errors import ReportError

_KINDS = ("model", "seed", "source")


@dataclass(frozen=True)
class Column:
    """A column as its properties file describes it; `tests` are the names of those on it alone."""

    name: str
    data_type: str
    description: str
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A model, seed or source, with the unique ids of its neighbours.

    `group` is the page that it stands on; `origins` are the sources and seeds at the far end of
    what it rests on.
    """

    unique_id: str
    name: str
    kind: str
    group: tuple[str, ...]
    description: str
    file: str
    materialised: str
    has_contract: bool
    sql: str
    columns: tuple[Column, ...]
    tests: tuple[str, ...]
    parents: tuple[str, ...]
    children: tuple[str, ...]
    origins: tuple[str, ...]
    metrics: tuple[str, ...]


def read_tables(path: Path) -> list[Table]:
    """Return the tables of a project in the order of their layers, groups and names."""
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        reader = _Reader(manifest)
        tables = [reader.table(node) for node in reader.tables.values()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReportError(
            f"{path} is no manifest of dbt that can be read ({type(error).__name__}: {error}); "
            "build the project anew"
        ) from error
    return sorted(tables, key=lambda table: (_rank(table), table.group, table.name))


def _rank(table: Table) -> int:
    """Return the place of a layer on the way of the data; what is no known layer comes last."""
    way = ("sources", "seeds", "staging", "intermediate", "marts", "metrics")
    if table.group[:2] == ("sources", "published"):
        return len(way)
    return way.index(table.group[0]) if table.group[0] in way else len(way) + 1


class _Reader:
    def __init__(self, manifest: Mapping[str, Any]) -> None:
        self.above: Mapping[str, list[str]] = manifest["parent_map"]
        self.below: Mapping[str, list[str]] = manifest["child_map"]
        nodes = {**manifest["nodes"], **manifest["sources"]}
        self.tables = {
            unique: node
            for unique, node in sorted(nodes.items())
            if node["resource_type"] in _KINDS
        }
        self.names = {unique: str(node["name"]) for unique, node in nodes.items()}
        self.on_column: dict[tuple[str, str], list[str]] = {}
        self.on_table: dict[str, list[str]] = {}
        for unique, test in sorted(manifest["nodes"].items()):
            if test["resource_type"] == "test":
                self._file_test(unique, test)
        for test in manifest.get("unit_tests", {}).values():
            for tested in test["depends_on"]["nodes"]:
                self.on_table.setdefault(tested, []).append(str(test["name"]))
        self.metrics = manifest.get("metrics", {})

    def _file_test(self, unique: str, test: Mapping[str, Any]) -> None:
        """Put a test to its column, to the table that it is written on, or to all it reads."""
        attached, column = test.get("attached_node"), test.get("column_name")
        if attached and column:
            self.on_column.setdefault((attached, column), []).append(str(test["name"]))
            return
        for tested in [attached] if attached else self.above.get(unique, []):
            self.on_table.setdefault(tested, []).append(str(test["name"]))

    def table(self, node: Mapping[str, Any]) -> Table:
        """Return one table."""
        unique, kind = str(node["unique_id"]), str(node["resource_type"])
        config = node.get("config") or {}
        return Table(
            unique,
            str(node["name"]),
            kind,
            _group(node),
            str(node.get("description") or ""),
            str(node["original_file_path"]),
            str(config.get("materialized") or "") if kind == "model" else "",
            bool((node.get("contract") or {}).get("enforced")),
            str(node.get("raw_code") or "") if kind == "model" else "",
            tuple(self._columns(unique, node)),
            tuple(dict.fromkeys(self.on_table.get(unique, ()))),
            tuple(one for one in self.above.get(unique, []) if one in self.tables),
            tuple(one for one in self.below.get(unique, []) if one in self.tables),
            tuple(sorted(self._origins(unique))),
            tuple(sorted(self._metrics(unique))),
        )

    def _columns(self, unique: str, node: Mapping[str, Any]) -> Iterator[Column]:
        for name, column in node["columns"].items():
            yield Column(
                str(name),
                str(column.get("data_type") or ""),
                str(column.get("description") or ""),
                tuple(self.on_column.get((unique, name), ())),
            )

    def _origins(self, unique: str) -> set[str]:
        found, seen, waiting = set(), {unique}, list(self.above.get(unique, []))
        while waiting:
            node = waiting.pop()
            if node in seen or node not in self.tables:
                continue
            seen.add(node)
            parents = self.above.get(node, [])
            if parents:
                waiting += parents
            else:
                found.add(node)
        return found

    def _metrics(self, unique: str) -> set[str]:
        """Return the metrics that measure a table themselves, not through other metrics."""
        return {
            str(self.metrics[metric]["name"])
            for semantic in self.below.get(unique, [])
            if semantic.startswith("semantic_model.")
            for metric in self.below.get(semantic, [])
            if metric in self.metrics
        }


def _group(node: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the page of a table: its layer and topic, by folder; sources go by their name.

    Tables of a source whose file lies in a folder of its own, below that of the source's name, have
    a page of their own.
    """
    if node["resource_type"] == "source":
        source = str(node["source_name"])
        below = str(node["original_file_path"]).split("/")[:-1]
        topic = below[below.index(source) + 1 :] if source in below else []
        return ("sources", source, *topic)
    folders = tuple(str(node["path"]).split("/")[:-1])
    if node["resource_type"] == "seed":
        return ("seeds", *folders[:1])
    return folders[:2] or ("models",)
