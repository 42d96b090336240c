"""Made-up proposals for working-age schemes, of the first two districts that are made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from openlsi.config import District
from openlsi.home import Home
from openlsi.synthesis.plan import Plan, year_label

SOURCE = "Made up for the demonstration; no council proposed it"
_STEM = "made_up_proposal"
# Weekly income up to which each share is met; the same for every type of household.
_BANDS = [(120, 90), (180, 70), (240, 50), (300, 25)]
_DRAFT = [(120, 80), (200, 60), (280, 40)]
_FLAT_PCT = 75


def write_proposals(home: Home, plan: Plan, districts: Sequence[District]) -> None:
    """Write proposals for the year after the last month into `config/schemes/`.

    The first district proposes bands and has a draft beside them, so that its alternatives are
    named; the second proposes a flat discount and names none.
    """
    folder = home.config / "schemes"
    for path in folder.glob(f"{_STEM}_*.yml"):
        path.unlink()
    last = max(month.first for month in plan.extract_months)
    year = last.year + 1 if last.month > 3 else last.year
    schemes = [
        scheme
        for district, wanted in zip(districts, (_banded, _flat), strict=False)
        for scheme in wanted(district, year)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    for scheme in schemes:
        text = f"# {SOURCE}.\n" + yaml.safe_dump(scheme, sort_keys=False, allow_unicode=True)
        path = folder / f"{_STEM}_{scheme['scheme']}.yml"
        path.write_text(text, encoding="utf-8", newline="\n")


def _banded(district: District, year: int) -> list[dict[str, Any]]:
    draft = f"{_key(district)}_draft_{year}"
    return [
        _proposed(district, year, f"{_key(district)}_bands_{year}", "four bands")
        | {"kind": "income_bands", "maximum_pct": 90, "alternatives": [draft]}
        | {"bands": {"all": _edges(_BANDS)}},
        _proposed(district, year, draft, "three bands, up to 80%")
        | {"kind": "income_bands", "maximum_pct": 80, "bands": {"all": _edges(_DRAFT)}},
    ]


def _flat(district: District, year: int) -> list[dict[str, Any]]:
    return [
        _proposed(district, year, f"{_key(district)}_discount_{year}", f"{_FLAT_PCT}% for all")
        | {"kind": "discount", "maximum_pct": _FLAT_PCT}
    ]


def _proposed(district: District, year: int, key: str, words: str) -> dict[str, Any]:
    return {
        "scheme": key,
        "name": f"{district.name} {year_label(year)}, made up: {words}",
        "district": district.code,
        "financial_year": year_label(year),
        "standing": "proposed",
        "source": SOURCE,
    }


def _key(district: District) -> str:
    return district.slug.replace("-", "_")


def _edges(bands: Sequence[tuple[int, int]]) -> list[dict[str, int]]:
    lower = 0
    edges = []
    for upper, pct in bands:
        edges.append({"from": lower, "to": upper, "pct": pct})
        lower = upper
    return edges
