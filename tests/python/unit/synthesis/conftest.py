"""A small county made once for all tests of this folder."""

from __future__ import annotations

from typing import Any

import pyarrow.parquet as pq
import pytest
from small_county import PLAN, SLUGS

from openlsi.home import Home
from openlsi.synthesis.county import synthesise


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("county"))
    synthesise(home, PLAN, SLUGS, workers=1)
    return home


@pytest.fixture(scope="session")
def truth(county: Home) -> dict[str, list[dict[str, Any]]]:
    return {
        path.stem: pq.read_table(path).to_pylist()
        for path in sorted(county.truth.glob("*.parquet"))
    }
