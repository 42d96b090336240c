"""From which feeds each column of the marts and of the publication comes, by the build's lineage.

Read from dbt's manifest of a finished generation: models, metrics and saved queries know what they
rest on. A column of a mart is told by its model; a published one by its metric.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from openlsi.disclosure.spec import TableSpec
from openlsi.warehouse.errors import WarehouseError

_SOURCE = "source.openlsi."
LANDING, _LINKS = f"{_SOURCE}landing.", f"{_SOURCE}links."
_MARK = "_mark"
# What disclosure control says of every row itself.
_OF_THE_BUILD = frozenset({"build_id", "status", "release_note"})

_FIGURES = {"source", "count", "pounds", "numerator", "denominator", "of"}
_GUARDS = {"largest", "gross", "subset_of"}


@dataclass(frozen=True)
class ColumnOrigin:
    """One column that somebody may see, what it is, and the landed records behind it."""

    layer: str
    table: str
    column: str
    kind: str
    made_from: str
    records: tuple[str, ...]

    @property
    def feeds(self) -> tuple[str, ...]:
        """The feeds of these records."""
        return tuple(sorted({record.partition(".")[0] for record in self.records}))


@dataclass(frozen=True)
class Lineage:
    """The manifest of a build, asked for what a thing rests on."""

    manifest: Mapping[str, Any]

    @classmethod
    def read(cls, generation: Path) -> Lineage:
        """Return the lineage of a finished generation."""
        return cls(json.loads((generation / "manifest.json").read_text(encoding="utf-8")))

    def nodes_behind(self, name: str) -> frozenset[str]:
        """Return a node of the manifest and all that it rests on, by their unique ids."""
        seen, waiting = set(), [name]
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                waiting += self.manifest["parent_map"].get(node, [])
        return frozenset(seen)

    def records_behind(self, name: str) -> tuple[str, ...]:
        """Return the landed records behind a node of the manifest, as `feed.record`."""
        seen = self.nodes_behind(name)
        landed = (node.removeprefix(LANDING) for node in seen if node.startswith(LANDING))
        # Those without a feed are the ledger's own tables: totals of every extract.
        records = {name.replace("__", ".") for name in landed if "__" in name}
        # What is linked is made of every feed that knows people.
        records |= {node.removeprefix(_SOURCE) for node in seen if node.startswith(_LINKS)}
        return tuple(sorted(records))

    @cached_property
    def _metrics(self) -> dict[str, str]:
        return {node["name"]: unique for unique, node in self.manifest["metrics"].items()}

    def marts(self) -> list[ColumnOrigin]:
        """Return every column of every mart, as their contracts have them."""
        return [
            ColumnOrigin(
                "marts", node["name"], column, node["columns"][column]["data_type"] or "",
                f"model {node['name']}", self.records_behind(unique),
            )
            for unique, node in sorted(self.manifest["nodes"].items())
            if node["resource_type"] == "model" and node["schema"] == "marts"
            for column in node["columns"]
        ]  # fmt: skip

    def published(self, publication: Path, specs: Mapping[str, TableSpec]) -> list[ColumnOrigin]:
        """Return every column that stands in a publication's file."""
        with closing(duckdb.connect(str(publication), read_only=True)) as con:
            columns = con.execute(
                "select table_name, column_name from duckdb_columns()"
                " where schema_name = 'published' order by table_name, column_index"
            ).fetchall()
        return [self._published(specs, table, column) for table, column in columns]

    def _published(self, specs: Mapping[str, TableSpec], table: str, column: str) -> ColumnOrigin:
        if column in _OF_THE_BUILD:
            return ColumnOrigin("published", table, column, "build", "the build itself", ())
        spec = specs.get(table)
        found = _described(spec, column) if spec else None
        if spec is None or found is None:
            raise WarehouseError(
                f"published.{table}.{column}: no file of disclosure/ says what it is; expected one:"
                " run `lsi build`, for the files have changed since"
            )
        while found.kind == "lookup":
            spec = specs[found.table]
            found = spec.column(found.column)
        metrics = sorted(self._metrics_of(spec, found))
        if metrics:
            records = {r for one in metrics for r in self.records_behind(self._metrics[one])}
            kind = f"mark of {found.kind}" if column.endswith(_MARK) else found.kind
            return ColumnOrigin(
                "published", table, column, kind, "metric " + ", ".join(metrics),
                tuple(sorted(records)),
            )  # fmt: skip
        return ColumnOrigin(
            "published", table, column, found.kind, f"saved query {spec.source}",
            self.records_behind(f"saved_query.openlsi.{spec.source}"),
        )  # fmt: skip

    def published_from(self, specs: Mapping[str, TableSpec]) -> dict[str, list[str]]:
        """Return the published columns, as `table.column`, that each metric is shown in."""
        found: dict[str, list[str]] = {}
        for spec in specs.values():
            for column in spec.columns:
                where, told = spec, column
                while told.kind == "lookup":
                    where = specs[told.table]
                    told = where.column(told.column)
                for metric in self._metrics_of(where, told, with_guards=False):
                    found.setdefault(metric, []).append(f"{spec.table}.{column.name}")
        return {metric: sorted(columns) for metric, columns in found.items()}

    def _metrics_of(self, spec: TableSpec, column: Any, with_guards: bool = True) -> set[str]:
        """Return the metrics that a column is made from, through the columns that it names.

        Guards decide only whether it is shown: the count under pounds, the largest contributor.
        """
        fields = _FIGURES | (_GUARDS if with_guards else set())
        if column.kind == "pounds" and not with_guards:
            fields -= {"count"}
        told = column.model_dump(include=fields)
        found: set[str] = set()
        for name in (value for value in told.values() if isinstance(value, str)):
            if name in self._metrics:
                found.add(name)
            others = [one for one in spec.columns if one.name == name and one is not column]
            for other in others:
                found |= self._metrics_of(spec, other, with_guards)
        return found


def _described(spec: TableSpec, column: str) -> Any:
    """Return what a disclosure file says of a published column: itself, or what it goes with."""
    named = {one.name: one for one in spec.columns}
    for position in spec.positions:
        if column.startswith(f"{position.prefix}_"):
            named.setdefault(column, named[position.value])
    for funnel in spec.funnels:
        if column.startswith(f"{funnel.prefix}_"):
            named.setdefault(column, named[funnel.numerator])
    for effect in spec.effects:
        if column.startswith(f"{effect.prefix}_"):
            named.setdefault(column, named[effect.arm_awarded])
    return named.get(column) or named.get(column.removesuffix(_MARK))
