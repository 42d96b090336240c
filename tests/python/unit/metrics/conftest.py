"""The tiny warehouse and its manifests, made once: a parse by dbt takes seconds."""

from __future__ import annotations

import pytest
import tiny_marts
from tiny_project import Tiny, parse

from openlsi.warehouse.metricflow import MetricEngine


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    folder = tmp_path_factory.mktemp("tiny")
    warehouse = folder / "secure.duckdb"
    tiny_marts.build(warehouse)
    manifests = parse(folder / "project")
    return Tiny(warehouse, manifests, MetricEngine(manifests))
