"""The walls of the design: who may import whom, and what a model of each layer may read.

No exceptions list: a change that does not fit moves the wall in the design first.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from openlsi.assess.rules import INPUTS

ROOT = Path(__file__).resolve().parents[4]
PACKAGE = ROOT / "scripts" / "openlsi"
MODELS = ROOT / "models"

# Each folder of the package and those it may import, besides itself.
MAY_IMPORT = {
    "errors": set(),
    "home": set(),
    "failpoints": set(),
    "chained_log": {"errors", "failpoints", "home"},
    "config": {"errors", "home"},
    "identity": {"errors", "failpoints", "home", "config"},
    "extract": {"errors", "failpoints", "home", "config", "identity"},
    "disclosure": {"errors", "failpoints", "chained_log", "home", "config"},
    "campaigns": {"errors", "failpoints", "chained_log", "home", "config", "disclosure"},
    "objectives": {"errors", "home", "config", "disclosure"},
    "warehouse": {
        "errors", "failpoints", "home", "config", "extract", "disclosure", "campaigns",
        "objectives",
    },
    "report": {"errors", "failpoints", "home"},
    "assess": {"errors", "home", "config", "identity"},
    "packs": {
        "errors", "failpoints", "chained_log", "home", "config", "identity", "extract", "campaigns",
        "warehouse", "report",
    },
    "proposals": {"errors", "home", "config", "assess", "disclosure"},
    "bi": {"errors", "failpoints", "home", "config", "disclosure", "warehouse"},
    "synthesis": {"errors", "home", "config"},
    "cli": {
        "errors", "home", "config", "identity", "extract", "disclosure", "warehouse", "report",
        "synthesis", "assess", "proposals", "bi", "campaigns", "packs",
    },
}  # fmt: skip


def area_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_areas(source: str) -> set[str]:
    """Return the areas of the package that a module imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, "imports are absolute, so that this test can read them"
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return {
        parts[1] for parts in (name.split(".") for name in names)
        if parts[0] == "openlsi" and len(parts) > 1 and parts[1] in MAY_IMPORT
    }  # fmt: skip


PYTHON_FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


@pytest.mark.parametrize("path", PYTHON_FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_what_its_folder_may(path: Path) -> None:
    area = area_of(path)
    assert area in MAY_IMPORT, f"{area} has no line in the design's table of folders"
    forbidden = imported_areas(path.read_text(encoding="utf-8")) - MAY_IMPORT[area] - {area}
    assert not forbidden, f"{area} may not import {', '.join(sorted(forbidden))}"


def test_a_forbidden_import_is_seen() -> None:
    assert imported_areas("from openlsi import report\nimport openlsi.extract.ledger") == {
        "report",
        "extract",
    }


REFS = re.compile(r"{{\s*ref\(\s*['\"](\w+)['\"]\s*\)\s*}}")
SOURCES = re.compile(r"{{\s*source\(\s*['\"](\w+)['\"]\s*,\s*['\"]\w+['\"]\s*\)\s*}}")
MODEL_LAYER = {
    path.stem: path.relative_to(MODELS).parts[0] for path in sorted(MODELS.rglob("*.sql"))
}
SEEDS = {path.stem for path in (ROOT / "seeds").rglob("*.csv")}
MAY_READ = {
    "staging": {"source"},
    "intermediate": {"staging", "intermediate", "seed"},
    "marts": {"staging", "intermediate", "marts", "seed"},
    "metrics": {"marts", "metrics"},
}


def layers_read(sql: str) -> set[str]:
    """Return the layers that a model's SQL reads."""
    read = {"seed" if name in SEEDS else MODEL_LAYER.get(name, name) for name in REFS.findall(sql)}
    return read | ({"source"} if SOURCES.search(sql) else set())


@pytest.mark.parametrize("path", sorted(MODELS.rglob("*.sql")), ids=lambda path: path.stem)
def test_a_model_reads_only_the_layers_below_it(path: Path) -> None:
    layer = path.relative_to(MODELS).parts[0]
    sql = path.read_text(encoding="utf-8")
    forbidden = layers_read(sql) - MAY_READ[layer]
    assert not forbidden, f"a {layer} model may not read {', '.join(sorted(forbidden))}"


ENTITLEMENTS = MODELS / "intermediate" / "entitlements"


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(ENTITLEMENTS.glob("*.sql")) if path.stem not in INPUTS],
    ids=lambda path: path.stem,
)
def test_a_rule_of_entitlement_reads_its_inputs_rates_and_rules_alone(path: Path) -> None:
    rules = {rule.stem for rule in ENTITLEMENTS.glob("*.sql")}
    seeds = {seed.stem for seed in (ROOT / "seeds" / "rules").rglob("*.csv")}
    assert set(REFS.findall(path.read_text(encoding="utf-8"))) <= rules | seeds | set(INPUTS)


def ancestors(name: str) -> set[str]:
    """Return a model and every model that it is made from."""
    found, waiting = {name}, [name]
    while waiting:
        sql = next(MODELS.rglob(f"{waiting.pop()}.sql")).read_text(encoding="utf-8")
        new = {parent for parent in REFS.findall(sql) if parent in MODEL_LAYER} - found
        found |= new
        waiting += new
    return found


MONTH_LOCAL = sorted(
    path.stem
    for path in MODELS.rglob("*.sql")
    if re.search(r"config\([^)]*month_local", path.read_text(encoding="utf-8"))
)


def test_there_are_month_local_models() -> None:
    assert len(MONTH_LOCAL) >= 8


@pytest.mark.parametrize("name", MONTH_LOCAL)
def test_a_month_local_model_reads_no_link_no_total_and_no_day(name: str) -> None:
    for model in ancestors(name):
        assert not model.startswith("stg_links"), f"{model}: a link may change with every month"
        sql = next(MODELS.rglob(f"{model}.sql")).read_text(encoding="utf-8")
        assert not re.search(r"var\(.today", sql), f"{model}: the day is not the month's own"
        # A window that is not cut by month, or the month before or after, sees other slices.
        for window in re.findall(r"over \(\s*partition by ([^)]*?)(?:order by|\))", sql):
            assert "month" in window, f"{model}: a window over more than one month"


@pytest.mark.parametrize("path", sorted((MODELS / "staging").rglob("*.sql")), ids=lambda p: p.stem)
def test_staging_renames_and_joins_nothing(path: Path) -> None:
    words = set(re.findall(r"\w+", path.read_text(encoding="utf-8").lower()))
    assert not words & {"join", "union", "group"}


@pytest.mark.parametrize("path", sorted(MODELS.rglob("*.sql")), ids=lambda path: path.stem)
def test_no_model_uses_the_clock_or_an_engine(path: Path) -> None:
    sql = path.read_text(encoding="utf-8").lower()
    found = re.findall(
        r"current_date|current_timestamp|now\(\)|today\(\)|target\.(?:type|name)", sql
    )
    assert not found, f"found {found}: the day is var('today'), engines differ in macros only"


@pytest.mark.parametrize("path", sorted(MODELS.rglob("*.sql")), ids=lambda path: path.stem)
def test_every_model_has_its_own_properties_file_and_stays_short(path: Path) -> None:
    assert path.with_suffix(".yml").exists(), "one YAML file a model, same stem"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 150


def test_there_are_fewer_than_fifteen_macros_one_a_file() -> None:
    files = sorted((ROOT / "macros").glob("*.sql"))
    assert len(files) < 15
    for path in files:
        assert f"macro {path.stem}(" in path.read_text(encoding="utf-8")
