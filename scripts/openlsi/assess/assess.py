"""From a file of households to figures: the warehouse's rules on one year's circumstances."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from openlsi.assess.households import Known, read_households
from openlsi.assess.inputs import lay_out, lay_schemes
from openlsi.assess.outputs import Figures, figures
from openlsi.assess.rules import SEEDS, Rules
from openlsi.assess.working import Line, working
from openlsi.assess.years import asked_years, held_years
from openlsi.config.schemes import documented, load_schemes
from openlsi.home import Home

_AUTHORITIES = Path("seeds/reference/authorities/billing_authorities.csv")


@dataclass(frozen=True)
class Assessment:
    """What came of a file."""

    figures: Figures
    working: list[Line]
    # The households that are impossible, each with its reason.
    refused: dict[str, str]


def assess(project: Path, home: Home, path: Path, years: str | None, today: date) -> Assessment:
    """Assess every household of a file in each of the years.

    Raises AssessError when the file or a year cannot be read; a household that is impossible is
    listed with its reason, and the others are assessed.
    """
    asked = asked_years(years, held_years(project / SEEDS / "benefit_rates.csv"))
    known = known_places(project)
    read = read_households(path, known, today)
    if not read.households:
        return Assessment({}, [], read.refused)
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as connection:
        lay_out(connection, home, read.households, asked, known)
        lay_schemes(connection, documented(load_schemes(home)), is_for_everybody=False)
        Rules(project).build(connection)
        return Assessment(figures(connection), working(connection), read.refused)


def known_places(project: Path) -> Known:
    """Return the areas that allowances are held for, and every billing authority of England."""
    with (project / SEEDS / "lha_rates.csv").open(encoding="utf-8", newline="") as rows:
        brmas = frozenset(row["brma_code"] for row in csv.DictReader(rows))
    with (project / _AUTHORITIES).open(encoding="utf-8", newline="") as rows:
        districts = {
            _name(row["authority_name"]): row["authority_code"] for row in csv.DictReader(rows)
        }
    return Known(brmas, districts)


def _name(name: str) -> str:
    plain = name.replace("&", "and").replace("'", "").replace(".", "")
    return "_".join(plain.replace(",", " ").replace("-", " ").split()).upper()
