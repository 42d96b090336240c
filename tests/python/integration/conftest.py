"""The small built county, one for all workers of a run."""

from __future__ import annotations

import os
from collections.abc import Iterator

import built_county
import pytest
from built_county import BuiltCounty
from published_county import PublishedCounty, published_county


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> BuiltCounty:
    base = tmp_path_factory.getbasetemp()
    # Workers have a folder each below the run's own.
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return built_county.make(shared / "built-county")


@pytest.fixture(scope="session")
def published(county: BuiltCounty) -> Iterator[PublishedCounty]:
    """The county in a PostgreSQL of this worker's own; tests change nothing in it that stays."""
    with published_county(county.home) as one:
        yield one
