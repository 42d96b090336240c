"""A file of households, read, laid out and put to every rule: what each question begins with."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from openlsi.assess.households import Household, Known, read_households
from openlsi.assess.inputs import lay_out, lay_schemes
from openlsi.assess.rules import SEEDS, Rules
from openlsi.assess.years import Year, held_years
from openlsi.config.schemes import Scheme
from openlsi.home import Home

_AUTHORITIES = Path("seeds/reference/authorities/billing_authorities.csv")


@dataclass(frozen=True)
class Answered:
    """Households with the database that holds every rule's answer; without any there is none."""

    households: list[Household]
    # The households that are impossible, each with its reason.
    refused: dict[str, str]
    connection: duckdb.DuckDBPyConnection | None


@contextmanager
def answered(
    project: Path,
    home: Home,
    path: Path,
    years: list[Year],
    today: date,
    schemes: list[Scheme],
    is_for_everybody: bool,
) -> Iterator[Answered]:
    """Read a file of households and run the rules on those that are possible.

    Raises AssessError when the file cannot be read.
    """
    known = _known_places(project)
    read = read_households(path, known, today)
    if not read.households:
        yield Answered([], read.refused, None)
        return
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as connection:
        lay_out(connection, home, read.households, years, known)
        lay_schemes(connection, schemes, is_for_everybody)
        Rules(project).build(connection)
        yield Answered(read.households, read.refused, connection)


def years_with_rates(project: Path) -> list[Year]:
    """Return the years in which the project holds every rate."""
    return held_years(project / SEEDS / "benefit_rates.csv")


def _known_places(project: Path) -> Known:
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
