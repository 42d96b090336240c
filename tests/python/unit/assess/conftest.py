"""One assessment of each fixture, shared by the tests that read it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from made_households import ROOT

from openlsi.assess.assess import Assessment, assess
from openlsi.home import Home

TODAY = date(2026, 11, 15)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("assess"))


@pytest.fixture(scope="session")
def assessed(home: Home) -> Callable[[Path, str | None], Assessment]:
    """Return the assessment of a file in years."""

    def of(path: Path, years: str | None) -> Assessment:
        return assess(ROOT, home, path, years, TODAY)

    return of
