"""The metric engine, in process: the only module that knows MetricFlow's interfaces.

Neither its classes nor its manifest format is promised stable, so nothing else imports them. Its
command line costs seconds a call; a compile here costs milliseconds.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from openlsi.errors import LsiError

SEMANTIC_MANIFEST = "semantic_manifest.json"
MANIFEST = "manifest.json"


class MetricError(LsiError):
    """A metric, a cut or a filter is not known, or the manifest cannot be read."""


@dataclass(frozen=True)
class Metric:
    """One metric as the semantic layer declares it; `meta` holds the words beside the figure."""

    name: str
    label: str
    description: str
    kind: str
    meta: dict[str, Any] = field(default_factory=dict)

    @property
    def is_control(self) -> bool:
        """A control guards pounds in disclosure; it is never a figure to show."""
        return bool(self.meta.get("is_control", False))

    @property
    def same_as(self) -> str | None:
        """The metric that this one measures again for other places, which defines both."""
        named = self.meta.get("same_as")
        return None if named is None else str(named)


@dataclass(frozen=True)
class SavedQuery:
    """A named question whose answer becomes a table of the same name."""

    name: str
    metrics: tuple[str, ...]
    group_by: tuple[str, ...]
    where: tuple[str, ...]


class MetricEngine:
    """Compiles questions about metrics into SQL, from the manifest that dbt's parse wrote."""

    def __init__(self, manifest_folder: Path, compiled: Path | None = None) -> None:
        """Read the manifest, and from `compiled` what an earlier engine compiled from the same."""
        path = manifest_folder / SEMANTIC_MANIFEST
        try:
            self._manifest = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise MetricError(f"{path}: no such file; `lsi build` writes it") from None
        except json.JSONDecodeError as error:
            raise MetricError(f"{path}: not readable as JSON: {error}") from None
        _forget_database_names(self._manifest)
        self._compiled_file = compiled
        self._compiled = _read_compiled(compiled)

    def metrics(self) -> list[Metric]:
        """Return every metric by name."""
        declared = [
            Metric(
                name=metric["name"],
                label=metric.get("label") or metric["name"],
                description=metric.get("description") or "",
                kind=metric["type"],
                meta=dict((metric.get("config") or {}).get("meta") or {}),
            )
            for metric in self._manifest["metrics"]
        ]
        return sorted(declared, key=lambda metric: metric.name)

    def saved_queries(self) -> list[SavedQuery]:
        """Return every saved query by name."""
        queries = []
        for saved in self._manifest["saved_queries"]:
            parameters = saved["query_params"]
            where = (parameters.get("where") or {}).get("where_filters") or []
            queries.append(
                SavedQuery(
                    name=saved["name"],
                    metrics=tuple(parameters["metrics"]),
                    group_by=tuple(parameters["group_by"]),
                    where=tuple(filtered["where_sql_template"] for filtered in where),
                )
            )
        return sorted(queries, key=lambda query: query.name)

    def cuts(self, metric_names: Sequence[str]) -> list[str]:
        """Return what these metrics can all be grouped by, such as `district__district_name`."""
        found = self._engine.simple_dimensions_for_metrics(list(metric_names))
        return sorted({str(dimension.dunder_name) for dimension in found})

    def inputs(self, name: str) -> set[str]:
        """Return the metrics that a ratio or a change rests on; a simple metric rests on itself."""
        told = self._declared(name)["type_params"]
        parts = [told.get("numerator"), told.get("denominator"), *(told.get("metrics") or [])]
        found = [self.inputs(part["name"]) for part in parts if part]
        return set().union(*found) if found else {name}

    def is_position(self, name: str) -> bool:
        """Say whether a metric rests on a position at a month's end, which months do not add to."""
        return bool(self._measures(name) & self._positions)

    def is_of_one_month(self, name: str) -> bool:
        """Say whether a metric sets what months add up to against a position of one of them."""
        measures = self._measures(name)
        return bool(measures & self._positions) and bool(measures - self._positions)

    def is_yearly(self, name: str) -> bool:
        """Say whether a metric rests on official figures, which are of a financial year."""
        measures = self._measures(name)
        return bool(measures) and measures <= self._of_a_year

    def is_change(self, name: str) -> bool:
        """Say whether a metric compares a month with an earlier one."""
        parts = self._declared(name)["type_params"].get("metrics") or []
        return any(part.get("offset_window") for part in parts)

    def _measures(self, name: str) -> set[str]:
        measures = self._declared(name)["type_params"].get("input_measures") or []
        return {measure["name"] for measure in measures}

    def _declared(self, name: str) -> dict[str, Any]:
        return next(metric for metric in self._manifest["metrics"] if metric["name"] == name)

    @cached_property
    def _positions(self) -> set[str]:
        return {
            measure["name"]
            for model in self._manifest["semantic_models"]
            for measure in model["measures"]
            if measure.get("non_additive_dimension")
        }

    @cached_property
    def _of_a_year(self) -> set[str]:
        return {
            measure["name"]
            for model in self._manifest["semantic_models"]
            for measure in model["measures"]
            if (model.get("defaults") or {}).get("agg_time_dimension") == "year_start"
        }

    def compile(
        self,
        metric_names: Sequence[str],
        group_by: Sequence[str] = (),
        where: Sequence[str] = (),
        order: Sequence[str] = (),
        limit: int | None = None,
    ) -> str:
        """Return the DuckDB SQL of one question; raise MetricError naming what is not known."""
        known = {metric["name"] for metric in self._manifest["metrics"]}
        unknown = sorted(set(metric_names) - known)
        if unknown:
            raise MetricError(f"no metric called {', '.join(unknown)}; see `lsi metrics list`")
        return self._explain(
            metric_names=list(metric_names) or None,
            group_by_names=list(group_by) or None,
            where_constraints=list(where) or None,
            order_by_names=list(order) or None,
            limit=limit,
        )

    def compile_saved(self, query: SavedQuery) -> str:
        """Return the DuckDB SQL of a saved query, which may ask for dimensions alone."""
        return self.compile(
            query.metrics, [_plain_name(name) for name in query.group_by], query.where
        )

    def keep_compiled(self) -> None:
        """Spare later engines of the same manifest what this one compiled."""
        if self._compiled_file and self._compiled_file.parent.is_dir():
            unfinished = self._compiled_file.with_suffix(f".{os.getpid()}")
            unfinished.write_text(json.dumps(self._compiled), encoding="utf-8")
            unfinished.replace(self._compiled_file)

    def _explain(self, **question: Any) -> str:
        asked = json.dumps(question, sort_keys=True)
        if asked not in self._compiled:
            self._compiled[asked] = self._newly_explained(**question)
        return self._compiled[asked]

    def _newly_explained(self, **question: Any) -> str:
        from metricflow.engine.metricflow_engine import MetricFlowQueryRequest
        from metricflow_semantics.errors.error_classes import MetricFlowException

        try:
            request = MetricFlowQueryRequest.create(**question)
            plan = self._engine.explain(request)
        except MetricFlowException as error:
            raise MetricError(_plain_complaint(question, str(error))) from None
        return str(plan.sql_statement.without_descriptions.sql)

    @cached_property
    def _engine(self) -> Any:
        # Imported when first needed: they take two seconds, and `lsi --help` needs none of them.
        from metricflow.engine.metricflow_engine import MetricFlowEngine
        from metricflow_semantics.model.dbt_manifest_parser import (
            parse_manifest_from_dbt_generated_manifest,
        )
        from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

        manifest = parse_manifest_from_dbt_generated_manifest(json.dumps(self._manifest))
        return MetricFlowEngine(
            semantic_manifest_lookup=SemanticManifestLookup(manifest), sql_client=_client()
        )


def _read_compiled(path: Path | None) -> dict[str, str]:
    """Return SQL by question; nothing where the file is not there, or not whole."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path else {}
    except (OSError, ValueError, TypeError):
        return {}


def _client() -> Any:
    """Return what the engine asks of a database client when it only explains."""
    from metricflow.protocols.sql_client import SqlEngine
    from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer

    class ExplainOnly:
        sql_engine_type = SqlEngine.DUCKDB
        sql_plan_renderer = DuckDbSqlPlanRenderer()

        def render_bind_parameter_key(self, key: str) -> str:
            return f":{key}"

    return ExplainOnly()


def _forget_database_names(manifest: dict[str, Any]) -> None:
    """Leave schema and table only, so that the SQL runs in whichever file holds the build."""
    spines = (manifest.get("project_configuration") or {}).get("time_spines") or []
    for holder in [*manifest["semantic_models"], *spines]:
        relation = holder["node_relation"]
        relation["relation_name"] = f'"{relation["schema_name"]}"."{relation["alias"]}"'


def _plain_name(group_by: str) -> str:
    """Return `entity__name` of a saved query's Dimension('entity__name') or TimeDimension(…)."""
    if "(" not in group_by:
        return group_by
    parts = [part.strip(" '\"") for part in group_by[group_by.index("(") + 1 : -1].split(",")]
    return "__".join(part for part in parts if part)


def _plain_complaint(question: dict[str, Any], message: str) -> str:
    """Return the engine's page-long complaint as one line: what was asked, and what it offers."""
    asked = ", ".join(question["metric_names"] or ["no metric"])
    cuts = ", ".join(question["group_by_names"] or [])
    where = "; ".join(question["where_constraints"] or [])
    offered = re.search(r"Suggestions:\s*\[(.*?)\]", message, re.DOTALL)
    near = ", ".join(re.findall(r"'([^']+)'", offered.group(1))) if offered else ""
    if "specifies a time offset" in message:
        return f"{asked} is a change from one month to another: it needs --by month"
    if "parsing where filter" in message:
        return f"cannot read the filter {where}"
    wrong = f"filtered by {where}" if where else f"grouped by {cuts or 'nothing'}"
    return f"{asked} cannot be {wrong}" + (f"; near to that are {near}" if near else "")
