"""Households of a file under every documented working-age scheme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from openlsi.assess.assess import known_places
from openlsi.assess.errors import AssessError
from openlsi.assess.households import read_households
from openlsi.assess.inputs import lay_out, lay_schemes
from openlsi.assess.rules import SEEDS, Rules
from openlsi.assess.years import asked_years, held_years
from openlsi.config.schemes import Scheme, load_schemes
from openlsi.home import Home


@dataclass(frozen=True)
class Compared:
    """One household under one scheme, in pounds a year; no award where it is not comparable."""

    case: str
    scheme: str
    is_own: bool
    council_tax_gbp: float
    counted_income_gbp: float
    reduction_pct: float
    award_gbp: float | None


@dataclass(frozen=True)
class Comparison:
    """What came of a file: households of pension age are under no local scheme."""

    rows: list[Compared]
    schemes: list[Scheme]
    pension_age: list[str]
    # Households without a band, which no cap can bound.
    without_band: list[str]
    refused: dict[str, str]


def compare(project: Path, home: Home, path: Path, year: str | None, today: date) -> Comparison:
    """Put each household of a file under each scheme, with the rates of one year.

    Raises AssessError when the file or the year cannot be read, ConfigurationError for a scheme
    that contradicts itself.
    """
    asked = asked_years(year, held_years(project / SEEDS / "benefit_rates.csv"))
    if len(asked) > 1:
        raise AssessError(f"--year {year}: one year, whose rates count; schemes keep their own")
    known = known_places(project)
    read = read_households(path, known, today)
    schemes = load_schemes(home)
    if not read.households:
        return Comparison([], schemes, [], [], read.refused)
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as connection:
        lay_out(connection, home, read.households, asked, known)
        lay_schemes(connection, schemes, is_for_everybody=True)
        Rules(project).build(connection)
        found = connection.execute("""
            select
                homes.case_id,
                support.scheme_key,
                support.is_own,
                support.council_tax_gbp,
                support.counted_income_gbp,
                support.reduction_pct,
                support.award_gbp
            from int_entitlement__local_support as support
            inner join int_entitlement_dwellings as homes using (home_number)
            order by homes.home_number, support.scheme_key
        """).fetchall()
    rows = [
        Compared(
            case, scheme, own, round(float(liability), 2), round(float(income), 2), float(share),
            None if award is None else round(float(award), 2),
        )
        for case, scheme, own, liability, income, share, award in found
    ]  # fmt: skip
    compared = {row.case for row in rows}
    older = [household.id for household in read.households if household.id not in compared]
    without_band = [
        household.id for household in read.households
        if household.id in compared and household.household.council_tax_band is None
    ]  # fmt: skip
    return Comparison(rows, schemes, older, without_band, read.refused)
