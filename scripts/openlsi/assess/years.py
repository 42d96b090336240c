"""The years that rates are held for, and the day of each that ages and rates are taken of."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from openlsi.assess.errors import AssessError

# Half-way through the year: after the uprating of April and September's changes.
_REFERENCE = (10, 6)


@dataclass(frozen=True)
class Year:
    """A financial year, as '2026-27', and its date of reference."""

    name: str
    reference: date


def held_years(rates: Path) -> list[Year]:
    """Return the years in which every rate of the seed has a row."""
    spans: dict[str, list[tuple[str, str]]] = {}
    with rates.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            spans.setdefault(row["rate_code"], []).append((row["valid_from"], row["valid_to"]))
    first = min(start for rows_of_code in spans.values() for start, _ in rows_of_code)
    last = max(end for rows_of_code in spans.values() for _, end in rows_of_code)
    years = []
    for number in range(int(first[:4]), int(last[:4]) + 1):
        reference = date(number, *_REFERENCE)
        day = reference.isoformat()
        if all(any(a <= day <= b for a, b in rows_of_code) for rows_of_code in spans.values()):
            years.append(Year(f"{number}-{(number + 1) % 100:02d}", reference))
    return years


def asked_years(text: str | None, held: list[Year]) -> list[Year]:
    """Return the years that a user asks for; without a word, the last that rates are held for.

    Raises AssessError for a year that is no year, or that a rate is missing for.
    """
    if text is None:
        return held[-1:]
    by_name = {year.name: year for year in held}
    names = list(dict.fromkeys(part.strip() for part in text.split(",")))
    missing = [name for name in names if name not in by_name]
    if missing:
        raise AssessError(
            f"--years {missing[0] or text}: rates are held for {', '.join(by_name)}; write years as"
            " 2025-26, and add a new year's rates to seeds/rules/entitlements/benefit_rates.csv"
        )
    return [by_name[name] for name in names]
