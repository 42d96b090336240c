"""The way of each metric from published column to landed record, as two tables for the pages.

A metric is told down to the columns of its marts; what is behind a mart is the same for all of its
metrics, so it is told once, by mart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb

from openlsi.disclosure.spec import TableSpec
from openlsi.warehouse.lineage import LANDING, Lineage

_METRIC_COLUMNS = (
    "name", "published_columns", "measures", "mart_columns", "mart_models", "landed_records",
)  # fmt: skip
_MART_COLUMNS = (
    "name", "description", "mart_models", "intermediate_models", "staging_models",
    "reference_tables", "landed_records",
)  # fmt: skip
_NONE = "none"
_LEDGER = "the ledger of extracts"
Row = tuple[str, ...]


def write_lineage(
    con: duckdb.DuckDBPyConnection,
    lineage: Lineage,
    specs: Mapping[str, TableSpec],
    build_id: str,
) -> None:
    """Write `metrics.metric_lineage` and `metrics.mart_lineage`, lists as words with commas.

    `specs` say which published columns show a metric; a metric that none names is of `none`.
    """
    metrics = metric_rows(lineage, specs)
    _write(con, "metric_lineage", _METRIC_COLUMNS, metrics, build_id)
    marts = {mart for row in metrics for mart in row[4].split(", ") if mart != _NONE}
    _write(con, "mart_lineage", _MART_COLUMNS, mart_rows(lineage, marts), build_id)


def metric_rows(lineage: Lineage, specs: Mapping[str, TableSpec]) -> list[Row]:
    """Return a row a metric, by name, of texts as `_METRIC_COLUMNS` names them."""
    published = lineage.published_from(specs)
    measured = {
        measure["name"]: (model, measure)
        for model in lineage.manifest["semantic_models"].values()
        for measure in model["measures"]
    }
    rows = []
    for unique, metric in lineage.manifest["metrics"].items():
        names = [one["name"] for one in metric["type_params"].get("input_measures") or []]
        measures = [measured[name] for name in dict.fromkeys(names)]
        rows.append(
            (
                str(metric["name"]),
                _joined(_shown_in(metric, published)),
                _joined((_in_words(model, one) for model, one in measures), "; "),
                _joined(
                    column for model, one in measures for column in _columns(lineage, model, one)
                ),
                _joined(sorted({_mart(model) for model, _ in measures})),
                _landed(lineage, unique),
            )
        )
    return sorted(rows)


def mart_rows(lineage: Lineage, marts: Iterable[str]) -> list[Row]:
    """Return a row a mart, by name, of texts as `_MART_COLUMNS` names them."""
    nodes = lineage.manifest["nodes"]
    rows = []
    for mart in sorted(marts):
        unique = f"model.openlsi.{mart}"
        behind = [nodes[one] for one in lineage.nodes_behind(unique) - {unique} if one in nodes]
        layers: dict[str, list[str]] = {}
        for node in behind:
            is_seed = node["resource_type"] == "seed"
            layer = "reference" if is_seed else str(node["path"]).partition("/")[0]
            layers.setdefault(layer, []).append(str(node["name"]))
        rows.append(
            (
                mart,
                _first_sentence(str(nodes[unique].get("description") or "")),
                *(
                    _joined(sorted(layers.get(layer, ())))
                    for layer in ("marts", "intermediate", "staging", "reference")
                ),
                _landed(lineage, unique),
            )
        )
    return rows


def _first_sentence(description: str) -> str:
    """Return what a row is, which a description says first; the rest is Markdown."""
    return " ".join(description.split()).partition(". ")[0].rstrip(".") + "."


def _landed(lineage: Lineage, unique: str) -> str:
    """Return the landed records behind a node, or else what loading notes of every extract."""
    records = lineage.records_behind(unique)
    if not records and any(one.startswith(LANDING) for one in lineage.nodes_behind(unique)):
        return _LEDGER
    return _joined(records)


def _shown_in(metric: Mapping[str, Any], published: Mapping[str, list[str]]) -> list[str]:
    """Return the published columns of a metric; a ratio's are those of both its parts.

    Published rates are made from published counts, never from the ratio's own exact figure.
    """
    name = str(metric["name"])
    if name in published or metric["type"] != "ratio":
        return published.get(name, [])
    above, below = (
        published.get(metric["type_params"][part]["name"], [])
        for part in ("numerator", "denominator")
    )
    return [column for column in above if column in below]


def _mart(model: Mapping[str, Any]) -> str:
    return str(model["node_relation"]["alias"])


def _expression(measure: Mapping[str, Any]) -> str:
    return " ".join(str(measure.get("expr") or measure["name"]).split())


def _in_words(model: Mapping[str, Any], measure: Mapping[str, Any]) -> str:
    return f"{measure['agg']} of {_expression(measure)} in {_mart(model)}"


def _columns(
    lineage: Lineage, model: Mapping[str, Any], measure: Mapping[str, Any]
) -> Iterable[str]:
    """Return the columns of its mart that a measure's expression names, in its order."""
    node = lineage.manifest["nodes"].get(f"model.openlsi.{_mart(model)}", {})
    known = node.get("columns") or {}
    # What stands in quotes is a value, whatever column is called the same.
    words = re.findall(r"[a-z_]\w*", re.sub(r"'[^']*'", "", _expression(measure)))
    return (f"{_mart(model)}.{word}" for word in dict.fromkeys(words) if word in known)


def _joined(names: Iterable[str], between: str = ", ") -> str:
    return between.join(dict.fromkeys(names)) or _NONE


def _write(
    con: duckdb.DuckDBPyConnection,
    table: str,
    columns: Sequence[str],
    rows: Sequence[Row],
    build_id: str,
) -> None:
    names = (*columns, "build_id")
    con.execute(f"create table metrics.{table} ({', '.join(f'{name} varchar' for name in names)})")
    if rows:
        places = ", ".join("?" for _ in names)
        con.executemany(
            f"insert into metrics.{table} values ({places})", [(*row, build_id) for row in rows]
        )
