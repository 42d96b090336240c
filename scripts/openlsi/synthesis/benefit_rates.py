"""The rates of benefits by day and by council tax year, from the seeds of the rules.

The generator shares these published figures with the warehouse, and no rule: what a benefit comes
to is worked out here a second time, so that a fault in either shows.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

from openlsi.synthesis.plan import (
    FIRST_YEAR,
    LAST_YEAR,
    Floats,
    Ints,
    SynthesisError,
    day_number,
)

FOLDER = Path(__file__).resolve().parents[3] / "seeds" / "rules" / "entitlements"
# Broad rental market area of each district, by most of its homes: assumed, since some lie in two.
BRMA = {
    "E07000105": "ASHFORD",
    "E07000106": "CANTERBURY",
    "E07000107": "NORTH_WEST_KENT",
    "E07000108": "DOVER_SHEPWAY",
    "E07000109": "NORTH_WEST_KENT",
    "E07000110": "MAIDSTONE",
    "E07000111": "HIGH_WEALD",
    "E07000112": "DOVER_SHEPWAY",
    "E07000113": "MEDWAY_SWALE",
    "E07000114": "THANET",
    "E07000115": "HIGH_WEALD",
    "E07000116": "HIGH_WEALD",
}
MOST_BEDROOMS = 4


@cache
def _spans() -> dict[str, tuple[Ints, Floats]]:
    """Return by code the days from which values hold, in order, and the values."""
    rows = defaultdict(list)
    with (FOLDER / "benefit_rates.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            first = day_number(date.fromisoformat(row["valid_from"]))
            rows[row["rate_code"]].append((first, float(row["value"])))
    return {
        code: (np.array([day for day, _ in sorted(own)]), np.array([v for _, v in sorted(own)]))
        for code, own in rows.items()
    }


def on_day(code: str, day: Ints) -> Floats:
    """Return the value of a rate on each day; before the first that is held, the first.

    Raises SynthesisError for a rate that the seed does not have.
    """
    if code not in _spans():
        raise SynthesisError(f"{FOLDER / 'benefit_rates.csv'}: no rate {code}")
    starts, values = _spans()[code]
    place = np.searchsorted(starts, day, side="right") - 1
    return np.asarray(values[np.maximum(place, 0)])


def pence_on_day(code: str, day: Ints) -> Ints:
    """Return a rate of pounds on each day, in pence."""
    return np.round(on_day(code, day) * 100).astype(np.int64)


def in_year(code: str, year: Ints) -> Floats:
    """Return the value of a rate in each council tax year, after the uprating of its April."""
    aprils = np.array([day_number(date(one, 4, 30)) for one in range(FIRST_YEAR, LAST_YEAR + 1)])
    return np.asarray(on_day(code, aprils)[year - FIRST_YEAR])


def pence_in_year(code: str, year: Ints) -> Ints:
    """Return a rate of pounds in each council tax year, in pence."""
    return np.round(in_year(code, year) * 100).astype(np.int64)


@cache
def _allowances(brma: str, column: str) -> Ints:
    """Return local housing allowances in pence: a row a year from FIRST_YEAR, a column a room."""
    found = np.zeros((LAST_YEAR + 1 - FIRST_YEAR, MOST_BEDROOMS + 1), np.int64)
    with (FOLDER / "lha_rates.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            year = int(row["valid_from"][:4])
            if row["brma_code"] == brma and year <= LAST_YEAR:
                found[year - FIRST_YEAR, int(row["bedroom_count"])] = round(
                    float(row[column]) * 100
                )
    return found


def local_housing_allowance(
    code: str, bedrooms: Ints, year: Ints, *, is_monthly: bool = False
) -> Ints:
    """Return the allowance of a district's area in pence; 0 bedrooms are a room in a shared home.

    Years are council tax years; rates have held from each 1 April.
    """
    column = "monthly_lha_gbp" if is_monthly else "weekly_lha_gbp"
    held = _allowances(BRMA[code], column)
    return np.asarray(held[year - FIRST_YEAR, np.minimum(bedrooms, MOST_BEDROOMS)])
