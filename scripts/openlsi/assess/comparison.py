"""Households of a file under every documented working-age scheme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from openlsi.assess.answered import answered, years_with_rates
from openlsi.assess.errors import AssessError
from openlsi.assess.years import asked_years
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
    asked = asked_years(year, years_with_rates(project))
    if len(asked) > 1:
        raise AssessError(f"--year {year}: one year, whose rates count; schemes keep their own")
    schemes = load_schemes(home)
    with answered(project, home, path, asked, today, schemes, is_for_everybody=True) as found:
        if found.connection is None:
            return Comparison([], schemes, [], [], found.refused)
        rows = _compared(found.connection)
    compared = {row.case for row in rows}
    older = [household.id for household in found.households if household.id not in compared]
    without_band = [
        household.id for household in found.households
        if household.id in compared and household.household.council_tax_band is None
    ]  # fmt: skip
    return Comparison(rows, schemes, older, without_band, found.refused)


def _compared(connection: duckdb.DuckDBPyConnection) -> list[Compared]:
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
    return [
        Compared(
            case, scheme, own, round(float(liability), 2), round(float(income), 2), float(share),
            None if award is None else round(float(award), 2),
        )
        for case, scheme, own, liability, income, share, award in found
    ]  # fmt: skip
