"""A home with Dover's scheme of the year, and a proposal modelled on it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from made_proposals import Model, home_of_dover, modelled_at

from openlsi.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home for one test, with no caseload yet."""
    return home_of_dover(tmp_path / "home")


@pytest.fixture
def model(home: Home) -> Model:
    """Return a function that models a proposal against the caseload that a test has laid."""
    return partial(modelled_at, home)
