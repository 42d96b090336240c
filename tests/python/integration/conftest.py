"""The small built county, one for all workers of a run."""

from __future__ import annotations

import os

import built_county
import pytest
from built_county import BuiltCounty


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> BuiltCounty:
    base = tmp_path_factory.getbasetemp()
    # Workers have a folder each below the run's own.
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return built_county.make(shared / "built-county")
