"""The tiny marts and their project belong to the tests of metrics; here they are published.

The attacked counties are made and released once a run, since that takes most of the time.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "metrics"))

SEEDS = ("a", "b")


@pytest.fixture(scope="session")
def counties(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Make the counties and release each once; tests that change a release copy it first."""
    import attacked_county

    folder = tmp_path_factory.mktemp("counties")
    manifests = attacked_county.manifests(folder)
    made = {seed: attacked_county.county(folder, manifests, seed) for seed in SEEDS}
    for path in made.values():
        with duckdb.connect(str(path)) as con:
            attacked_county.release(con, folder)
    return made


@pytest.fixture
def released(
    counties: dict[str, Path], tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Copy the first county, or that of the seed a test asks for, and open it."""
    path = tmp_path / "secure.duckdb"
    shutil.copyfile(counties[getattr(request, "param", SEEDS[0])], path)
    with duckdb.connect(str(path)) as con:
        yield con
