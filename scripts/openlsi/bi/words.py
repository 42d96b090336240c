"""The words beside tables and columns, from the build's own documentation and metrics."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from openlsi.disclosure.spec import TableSpec
from openlsi.warehouse.lineage import Lineage

# Kinds of published columns that show one metric as it is.
_OF_ONE_METRIC = frozenset({"count", "pounds", "official", "label"})


@dataclass(frozen=True)
class Words:
    """Descriptions by name, of one generation; every text is one line."""

    lineage: Lineage
    specs: Mapping[str, TableSpec]

    @cached_property
    def _marts(self) -> dict[str, Any]:
        nodes = self.lineage.manifest["nodes"].values()
        return {
            node["name"]: node
            for node in nodes
            if node["resource_type"] == "model" and node["schema"] == "marts"
        }

    @cached_property
    def _published(self) -> dict[str, Any]:
        sources = self.lineage.manifest["sources"].values()
        return {one["name"]: one for one in sources if one["source_name"] == "published"}

    @cached_property
    def metrics(self) -> dict[str, Any]:
        """The metrics by name, as dbt's manifest tells them."""
        return {one["name"]: one for one in self.lineage.manifest["metrics"].values()}

    @cached_property
    def _metrics_of_published(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for metric, columns in self.lineage.published_from(self.specs).items():
            for column in columns:
                found.setdefault(column, []).append(metric)
        return found

    def metrics_of(self, table: str, column: str) -> list[str]:
        """Return the metrics that a published column shows, a rate's two among them."""
        return self._metrics_of_published.get(f"{table}.{column}", [])

    def mart(self, table: str) -> str:
        """Return what a row of a mart is."""
        return one_line(self._marts.get(table, {}).get("description"))

    def mart_column(self, table: str, column: str) -> str:
        """Return what a column of a mart means."""
        return _of_column(self._marts.get(table), column)

    def published(self, table: str) -> str:
        """Return what a row of a published table is."""
        return one_line(self._published.get(table, {}).get("description"))

    def published_column(self, table: str, column: str) -> str:
        """Return what a column of a published table means."""
        return _of_column(self._published.get(table), column)

    def metric(self, name: str) -> str:
        """Return a metric's label, definition and unit, as a BI tool's list of fields shows them.

        A figure measured again for other places says whose definition it has.
        """
        metric = self.metrics[name]
        meta = metric["config"].get("meta") or {}
        parts = [metric["label"], metric["description"]]
        if meta.get("definition"):
            parts.append(f"Definition: {meta['definition']}")
        if meta.get("unit"):
            parts.append(f"Unit: {meta['unit']}")
        return sentences(parts)

    def label(self, metric: str) -> str:
        """Return a metric's label, or nothing where there is no such metric."""
        return str(self.metrics[metric]["label"]) if metric in self.metrics else ""

    def metric_shown(self, table: str, column: str) -> str:
        """Return the one metric that a published column shows as it is, or nothing."""
        spec = self.specs.get(table)
        kinds = {one.name: one.kind for one in spec.columns} if spec else {}
        metrics = self.metrics_of(table, column)
        return metrics[0] if kinds.get(column) in _OF_ONE_METRIC and len(metrics) == 1 else ""

    def figure(self, table: str, column: str) -> str:
        """Return the words of a published figure: its metric's, and the column's own.

        A rate or a change has its own words: those of a metric that it is made from would give it
        that metric's unit.
        """
        own = self.published_column(table, column)
        shown = self.metric_shown(table, column)
        if not shown:
            return own
        told = self.metric(shown)
        return told if own.rstrip(".") in told else sentences([told, own])

    def dimension(self, name: str) -> str:
        """Return what a column of a saved query means that is no metric, `entity__dimension`.

        It is a column of the mart behind the semantic model whose rows the entity is, or worked out
        of some, when its label says what it is.
        """
        entity, _, dimension = name.rpartition("__")
        for model in self.lineage.manifest["semantic_models"].values():
            primary = [one["name"] for one in model["entities"] if one["type"] == "primary"]
            if (entity or name) not in (model.get("primary_entity"), *primary):
                continue
            parts = [*model["dimensions"], *model["entities"]]
            named = {one["name"]: one.get("expr") or one["name"] for one in parts}
            labels = {one["name"]: one.get("label") for one in parts}
            told = self.mart_column(
                model["node_relation"]["alias"], named.get(dimension, dimension)
            ) or one_line(labels.get(dimension))
            if told:
                return told
        return ""

    def is_figure(self, metric: str) -> bool:
        """Say whether a metric is for readers; others guard figures or count what stands behind."""
        meta = self.metrics[metric]["config"].get("meta") or {}
        return not meta.get("is_control")


def one_line(text: object) -> str:
    """Return a text as one line, without Markdown's marks."""
    words = " ".join(str(text or "").split())
    return re.sub(r"[`*]", "", re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", words))


def sentences(parts: Iterable[object]) -> str:
    """Return the parts that say something as sentences of one line."""
    told = [one_line(part).rstrip(". ") for part in parts]
    return " ".join(f"{part}." for part in told if part)


def _of_column(node: Mapping[str, Any] | None, column: str) -> str:
    columns = (node or {}).get("columns") or {}
    return one_line(columns.get(column, {}).get("description"))
