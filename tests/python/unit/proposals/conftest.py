"""A home with Dover's scheme of the year, and a proposal modelled on it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from made_caseload import ROOT
from made_proposals import OTHERS, Model, scheme

from openlsi.home import Home
from openlsi.proposals.model import Base, Modelled, model_in
from openlsi.proposals.options import Terms


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home in which Dover's documented scheme of 2026-27 meets 90% of everybody's tax."""
    home = Home(tmp_path / "home")
    scheme(home.config / "schemes", "dover_now", year="2026-27", standing="documented")
    return home


@pytest.fixture
def model(home: Home) -> Model:
    """Return a function that models a proposal against the caseload that a test has laid."""

    def of(
        path: Path, against: list[str] = OTHERS, terms: Terms | None = None, base: Base = "auto"
    ) -> Modelled:
        with duckdb.connect(":memory:", config={"temp_directory": ""}) as connection:
            return model_in(
                connection, ROOT, home, home.current / "secure.duckdb", path, against,
                terms or Terms(), base,
            )  # fmt: skip

    return of
