"""Scheme files for tests: proposals of Dover unless they say otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
from made_caseload import ROOT

from openlsi.home import Home
from openlsi.proposals.model import Base, Modelled, model_in
from openlsi.proposals.options import Terms

Model = Callable[..., Modelled]
SCHEME = """\
scheme: {key}
name: {name}
district: {district}
financial_year: {year}
standing: {standing}
source: made up
kind: {kind}
maximum_pct: {maximum}
{more}"""
# Earnings alone decide: 100% below £100 a week, half below £200, then nothing.
EARNINGS = """\
bands:
  all:
    - {from: 0, to: 100, pct: 100}
    - {from: 100, to: 200, pct: 50}
"""
OTHERS = ["dartford_2026_27", "tunbridge_wells_2021_22"]


def scheme(
    folder: Path, key: str, kind: str = "discount", maximum: float = 90, more: str = "", **says: str
) -> Path:
    """Write a scheme file of Dover, a proposal for 2027-28 unless it says otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{key}.yml"
    told = {"name": key.capitalize(), "district": "E07000108", "year": "2027-28",
            "standing": "proposed", **says}  # fmt: skip
    path.write_text(SCHEME.format(key=key, kind=kind, maximum=maximum, more=more, **told), "utf-8")
    return path


def home_of_dover(folder: Path) -> Home:
    """Return a home in which Dover's documented scheme of 2026-27 meets 90% of everybody's tax."""
    home = Home(folder)
    scheme(home.config / "schemes", "dover_now", year="2026-27", standing="documented")
    return home


def modelled_at(
    home: Home,
    path: Path,
    against: Sequence[str] = OTHERS,
    terms: Terms | None = None,
    base: Base = "auto",
) -> Modelled:
    """Model a proposal against the caseload that a test has laid."""
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as connection:
        secure = home.current / "secure.duckdb"
        return model_in(connection, ROOT, home, secure, path, against, terms or Terms(), base)
