"""The way of a metric: from the columns that show it to the columns that it measures."""

from __future__ import annotations

from typing import Any

import pytest

from openlsi.disclosure.spec import TableSpec
from openlsi.warehouse.lineage import Lineage
from openlsi.warehouse.metric_lineage import mart_rows, metric_rows


def simple(name: str, measure: str) -> dict[str, Any]:
    return {
        "name": name, "type": "simple", "type_params": {"input_measures": [{"name": measure}]},
    }  # fmt: skip


def table(name: str, path: str, *columns: str) -> dict[str, Any]:
    return {
        "name": name,
        "path": path,
        "resource_type": "seed" if path.endswith(".csv") else "model",
        "description": "One row a tree,\nand no more. *Caveats:* none.",
        "columns": {column: {} for column in columns},
    }


SOURCE = "source.openlsi.landing.trees__tree"
LEDGER = "source.openlsi.landing.extracts"
MANIFEST = {
    "nodes": {
        "model.openlsi.fct_trees": table("fct_trees", "marts/t/fct.sql", "kilograms", "kind"),
        "model.openlsi.dim_kind": table("dim_kind", "marts/t/dim_kind.sql"),
        "model.openlsi.int_trees": table("int_trees", "intermediate/t/int_trees.sql"),
        "model.openlsi.stg_trees": table("stg_trees", "staging/t/stg_trees.sql"),
        "seed.openlsi.kinds": table("kinds", "rules/kinds.csv"),
    },
    "parent_map": {
        "metric.openlsi.apple_kg": ["semantic_model.openlsi.trees"],
        "metric.openlsi.tree_count": ["semantic_model.openlsi.trees"],
        "metric.openlsi.kg_a_tree": ["metric.openlsi.apple_kg", "metric.openlsi.tree_count"],
        "semantic_model.openlsi.trees": ["model.openlsi.fct_trees"],
        "model.openlsi.fct_trees": ["model.openlsi.int_trees", "model.openlsi.dim_kind"],
        "model.openlsi.dim_kind": ["seed.openlsi.kinds"],
        "model.openlsi.int_trees": ["model.openlsi.stg_trees"],
        "model.openlsi.stg_trees": [SOURCE, LEDGER],
    },
    "semantic_models": {
        "semantic_model.openlsi.trees": {
            "node_relation": {"alias": "fct_trees"},
            "measures": [
                {"name": "apples", "agg": "sum",
                 "expr": "case when kind = 'kilograms'\n  then kilograms end"},
                {"name": "trees", "agg": "sum", "expr": "1"},
            ],
        }
    },
    "metrics": {
        "metric.openlsi.apple_kg": simple("apple_kg", "apples"),
        "metric.openlsi.tree_count": simple("tree_count", "trees"),
        "metric.openlsi.kg_a_tree": {
            "name": "kg_a_tree",
            "type": "ratio",
            "type_params": {
                "numerator": {"name": "apple_kg"},
                "denominator": {"name": "tree_count"},
                "input_measures": [{"name": "apples"}, {"name": "trees"}],
            },
        },
    },
}  # fmt: skip
SPEC = TableSpec.model_validate(
    {
        "table": "orchard", "title": "Orchard", "note": "", "source": "orchard",
        "status": "controlled", "order": ["place"],
        "columns": [
            {"name": "place", "kind": "key", "source": "place"},
            {"name": "trees", "kind": "count", "source": "tree_count"},
            {"name": "apples_gbp", "kind": "pounds", "source": "apple_kg", "count": "trees"},
            {"name": "each_gbp", "kind": "average", "pounds": "apples_gbp", "count": "trees"},
        ],
    }
)  # fmt: skip
OTHER = TableSpec.model_validate(
    {
        "table": "place", "title": "Places", "note": "", "source": "place",
        "status": "information", "order": ["place"],
        "columns": [
            {"name": "place", "kind": "key", "source": "place"},
            {"name": "of_it", "kind": "lookup", "table": "orchard", "column": "trees",
             "match": {"place": "place"}},
        ],
    }
)  # fmt: skip


@pytest.fixture(scope="module")
def told() -> dict[str, tuple[str, ...]]:
    rows = metric_rows(Lineage(MANIFEST), {"orchard": SPEC, "place": OTHER})
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    return {row[0]: row[1:] for row in rows}


def test_a_column_shows_what_it_is_made_of_and_not_what_guards_it(
    told: dict[str, tuple[str, ...]],
) -> None:
    assert told["apple_kg"][0] == "orchard.apples_gbp, orchard.each_gbp"
    # The pounds rest on the count only to be shown; a column looked up elsewhere shows it again.
    assert told["tree_count"][0] == "orchard.each_gbp, orchard.trees, place.of_it"


def test_a_ratio_is_shown_where_both_its_parts_are(told: dict[str, tuple[str, ...]]) -> None:
    assert told["kg_a_tree"][0] == "orchard.each_gbp"


def test_measures_name_the_columns_of_their_mart_and_no_value(
    told: dict[str, tuple[str, ...]],
) -> None:
    _, measures, columns, marts, records = told["kg_a_tree"]
    assert measures == (
        "sum of case when kind = 'kilograms' then kilograms end in fct_trees; sum of 1 in fct_trees"
    )
    assert columns == "fct_trees.kind, fct_trees.kilograms"
    assert told["tree_count"][2] == "none"
    assert (marts, records) == ("fct_trees", "trees.tree")


def test_a_mart_is_told_by_layers_down_to_what_was_landed() -> None:
    lineage = Lineage(MANIFEST)
    assert mart_rows(lineage, ["fct_trees"]) == [
        ("fct_trees", "One row a tree, and no more.", "dim_kind", "int_trees", "stg_trees",
         "kinds", "trees.tree"),
    ]  # fmt: skip
    assert mart_rows(lineage, ["dim_kind"])[0][-1] == "none"


def test_what_rests_on_no_record_rests_on_the_ledger_of_extracts() -> None:
    above = {**MANIFEST["parent_map"], "model.openlsi.dim_kind": [LEDGER]}
    assert mart_rows(Lineage({**MANIFEST, "parent_map": above}), ["dim_kind"])[0][-1] == (
        "the ledger of extracts"
    )
