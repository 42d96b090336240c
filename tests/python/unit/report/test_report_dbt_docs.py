"""dbt's documentation as pages of the site: from a small manifest made by hand."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from small_project import make_project

from openlsi.report.errors import ReportError
from openlsi.report.site import Request, render_site

HOSTILE = '<script>alert(1)</script> [more](javascript:alert(1)) <img src=x onerror="alert(1)">'
TRAP = "\n\n## Trap\n\n| a | b |\n|--:|---|\n| 1 | 2 |\n"


def node(name: str, path: str, kind: str = "model", **more: Any) -> dict[str, Any]:
    return {
        "unique_id": f"{kind}.fruit.{name}",
        "name": name,
        "resource_type": kind,
        "path": path,
        "original_file_path": f"models/{path}",
        "description": "",
        "columns": {},
        "config": {"materialized": "table"},
        **more,
    }


def column(name: str, description: str = "") -> dict[str, Any]:
    return {name: {"name": name, "data_type": "string", "description": description}}


def manifest(**more: Any) -> dict[str, Any]:
    """Return a source, a seed, three models on each other, three tests and a metric."""
    nodes = [
        node("kinds", "rules/fruit/kinds.csv", "seed"),
        node("stg_trees", "staging/trees/stg_trees.sql", raw_code="select a < b from trees"),
        node("int_ripe", "intermediate/trees/int_ripe.sql", raw_code="select null"),
        node(
            "fct_harvest",
            "marts/harvest/fct_harvest.sql",
            description=f"One row a tree. {HOSTILE}{TRAP}",
            columns={**column("tree", HOSTILE), **column("weight")},
            contract={"enforced": True},
            raw_code="select tree from int_ripe",
        ),
        node(
            "no_tree_is_lost", "", "test",
            attached_node="model.fruit.fct_harvest", column_name="tree",
        ),
        node("one_row_a_tree", "", "test", attached_node="model.fruit.fct_harvest"),
        node("weights_add_up", "", "test"),
    ]  # fmt: skip
    source = node("tree__row", "staging/trees.yml", "source", source_name="landing")
    above = {
        "model.fruit.stg_trees": ["source.fruit.tree__row"],
        "model.fruit.int_ripe": ["model.fruit.stg_trees", "seed.fruit.kinds"],
        "model.fruit.fct_harvest": ["model.fruit.int_ripe"],
        "test.fruit.weights_add_up": ["model.fruit.fct_harvest", "model.fruit.stg_trees"],
        "semantic_model.fruit.harvest": ["model.fruit.fct_harvest"],
        "metric.fruit.kilograms": ["semantic_model.fruit.harvest"],
    }
    below: dict[str, list[str]] = {}
    for child, parents in above.items():
        for parent in parents:
            below.setdefault(parent, []).append(child)
    return {
        "nodes": {one["unique_id"]: one for one in nodes},
        "sources": {source["unique_id"]: source},
        "parent_map": above,
        "child_map": below,
        "metrics": {"metric.fruit.kilograms": {"name": "kilograms"}},
        "unit_tests": {
            "u": {"name": "ripe_is_ripe", "depends_on": {"nodes": ["model.fruit.int_ripe"]}}
        },
        **more,
    }


def rendered(folder: Path, content: Any, **pages: str) -> Path:
    project = make_project(folder / "project", pages)
    path = folder / "manifest.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    render_site(Request(project, folder / "site", manifest=path))
    return folder / "site"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rendered(tmp_path_factory.mktemp("docs"), manifest())


def page(site: Path, name: str) -> str:
    return (site / "dbt" / name / "index.html").read_text(encoding="utf-8")


def test_the_list_has_every_table_in_the_order_of_the_datas_way(site: Path) -> None:
    html = (site / "dbt" / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'<td><a href="([^"]*)">(\w+)</a>', html) == [
        ("../dbt/sources-landing/index.html#tree__row", "tree__row"),
        ("../dbt/seeds-rules/index.html#kinds", "kinds"),
        ("../dbt/staging-trees/index.html#stg_trees", "stg_trees"),
        ("../dbt/intermediate-trees/index.html#int_ripe", "int_ripe"),
        ("../dbt/marts-harvest/index.html#fct_harvest", "fct_harvest"),
    ]
    assert "<td>One row a tree.</td>" in html


def test_every_page_of_the_site_leads_to_the_documentation(site: Path) -> None:
    front = (site / "index.html").read_text(encoding="utf-8")
    assert '<a href="dbt/index.html">Tables and lineage</a>' in front
    # The single groups would be more than a list of pages can bear.
    assert "marts-harvest" not in front


def items(html: str) -> dict[str, list[str]]:
    found = re.findall(r"<li><strong>([^<]*):</strong> (.*?)</li>", html, re.DOTALL)
    return {name: re.findall(r"\w+", re.sub(r"<[^>]*>", " ", told)) for name, told in found}


def test_a_table_tells_what_it_is_made_from_down_to_the_source(site: Path) -> None:
    told = items(page(site, "marts-harvest"))
    assert told["Made from"] == ["int_ripe"]
    assert told["At the far end"] == ["kinds", "tree__row"]
    assert told["Metrics that measure it"] == ["kilograms"]
    assert "What is made from it" not in told
    assert items(page(site, "staging-trees"))["What is made from it"] == ["int_ripe"]


def test_tests_stand_with_their_column_their_table_or_all_they_read(site: Path) -> None:
    html = page(site, "marts-harvest")
    assert "<td>no tree is lost</td>" in html
    assert "<li>one row a tree</li>" in html and "<li>weights add up</li>" in html
    assert "<li>no tree is lost</li>" not in html
    assert "<li>weights add up</li>" in page(site, "staging-trees")
    assert "<li>ripe is ripe</li>" in page(site, "intermediate-trees")


def test_sql_and_contracts_are_told(site: Path) -> None:
    assert "<pre>select a &lt; b from trees</pre>" in page(site, "staging-trees")
    assert "a table, under contract" in page(site, "marts-harvest")
    assert "under contract" not in page(site, "staging-trees")


def test_hostile_descriptions_are_words_and_the_policy_holds(site: Path) -> None:
    for path in sorted((site / "dbt").rglob("*.html")):
        html = path.read_text(encoding="utf-8")
        assert "script-src 'self'" in html
        assert not re.search(r"<script>|<img|\sstyle=|href=\"javascript", html), path
    html = page(site, "marts-harvest")
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2
    assert "<h4>Trap</h4>" in html and "<td>1</td>" in html


def test_without_a_manifest_there_is_no_documentation(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", {})
    render_site(Request(project, tmp_path / "site"))
    assert not (tmp_path / "site" / "dbt").exists()
    assert "Tables and lineage" not in (tmp_path / "site" / "index.html").read_text()


def test_a_project_with_pages_of_its_own_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="pages/dbt: the site puts dbt's documentation there"):
        rendered(tmp_path, manifest(), **{"pages/dbt/index.md": "# Own\n"})
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"nodes": {}, "sources": {"a": 1}}'])
def test_what_is_no_manifest_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(ReportError, match=r"manifest\.json is no manifest of dbt"):
        rendered(tmp_path, content)
    assert not (tmp_path / "site").exists()
