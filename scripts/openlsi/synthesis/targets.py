"""The published figures that the made-up districts are calibrated to."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from openlsi.synthesis.plan import FIRST_YEAR, LAST_YEAR, Floats, Ints, year_label

FOLDER = Path(__file__).parent / "calibration"
BANDS = "ABCDEFGH"
# Ninths of Band D by effective band: 0 is Band A entitled to disabled relief, 1–8 are A to H
# (LGFA 1992 s5; SI 1992/554 reg 4).
NINTHS = np.array([5, 6, 7, 8, 9, 11, 13, 15, 18])
EFFECTIVE_BANDS = ["A_disabled", *BANDS]
BASE_YEAR = 2022


@dataclass(frozen=True)
class Targets:
    """The figures of one district; arrays over bands follow `BANDS` or `EFFECTIVE_BANDS`."""

    code: str
    band_d_gbp: dict[int, float]
    forgone_gbp: dict[str, Floats]
    dwellings: dict[str, Floats]
    uc_households: int
    uc_share: float
    lsoa_codes: list[str]
    lsoa_households: Floats
    lsoa_income_score: Floats
    reduction_ratios: Floats

    def annual_charge(self, effective_band: Ints, year: int) -> Floats:
        """Return the full charge in pounds for a year, before discounts."""
        return np.asarray(np.round(self.band_d_gbp[year] * NINTHS[effective_band] / 9, 2))

    def scaled_forgone(self, age_group: str, year: int) -> Floats:
        """Return 2022-23 CTS forgone by effective band, scaled to a year by Band D."""
        return self.forgone_gbp[age_group] * (self.band_d_gbp[year] / self.band_d_gbp[BASE_YEAR])


def _rows(name: str, code: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["district_code"] == code]


def _band_d(code: str) -> dict[int, float]:
    """Return Band D by year; a year between two published ones is interpolated geometrically."""
    held = {
        int(r["financial_year"][:4]): float(r["area_band_d_gbp"]) for r in _rows("band_d.csv", code)
    }
    years = np.arange(FIRST_YEAR, LAST_YEAR + 1)
    logs = np.interp(years, sorted(held), [np.log(held[year]) for year in sorted(held)])
    return {int(year): round(float(np.exp(log)), 2) for year, log in zip(years, logs, strict=True)}


def interpolated_years(code: str) -> list[str]:
    """Return the years whose Band D is not published in what is held."""
    held = {row["financial_year"] for row in _rows("band_d.csv", code)}
    every = [year_label(year) for year in range(FIRST_YEAR, LAST_YEAR + 1)]
    return [year for year in every if year not in held]


@cache
def _county_uc_per_pound() -> float:
    """Return UC households for each working-age CTS pound over all districts held."""
    with (FOLDER / "uc_households.csv").open(encoding="utf-8", newline="") as file:
        households = sum(int(row["uc_households_may_2025"]) for row in csv.DictReader(file))
    with (FOLDER / "cts_forgone.csv").open(encoding="utf-8", newline="") as file:
        pounds = sum(
            float(row["cts_forgone_2022_23_gbp"])
            for row in csv.DictReader(file)
            if row["age_group"] == "working"
        )
    return households / pounds


def read_targets(code: str) -> Targets:
    """Return the calibration figures of the district with this ONS code."""
    forgone = _rows("cts_forgone.csv", code)
    dwellings = _rows("dwellings.csv", code)
    lsoas = _rows("lsoa.csv", code)
    uc_households = int(_rows("uc_households.csv", code)[0]["uc_households_may_2025"])
    by_age = {
        age: np.array(
            [float(r["cts_forgone_2022_23_gbp"]) for r in forgone if r["age_group"] == age]
        )
        for age in ("pension", "working")
    }
    lean = uc_households / float(by_age["working"].sum()) / _county_uc_per_pound()
    columns = [name for name in dwellings[0] if name not in ("district_code", "band")]
    return Targets(
        code=code,
        band_d_gbp=_band_d(code),
        forgone_gbp=by_age,
        dwellings={name: np.array([float(row[name]) for row in dwellings]) for name in columns},
        uc_households=uc_households,
        # Of working-age awards on UC in May 2025: 93% in the county, leaning with the district's
        # UC households for each CTS pound; it cannot reach 1 while legacy benefits last.
        uc_share=float(np.clip(0.93 * lean**0.25, 0.86, 0.98)),
        lsoa_codes=[row["lsoa21_code"] for row in lsoas],
        lsoa_households=np.array([float(row["households_2021"]) for row in lsoas]),
        lsoa_income_score=np.array([float(row["income_score"]) for row in lsoas]),
        reduction_ratios=np.array(
            [float(r["reduction_pct"]) / 100 for r in _rows("schemes.csv", code)]
        ),
    )
