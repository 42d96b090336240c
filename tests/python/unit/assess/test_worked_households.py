"""The rules against worked households: an oracle's figures, and the law where it errs."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from made_households import FIXTURES

from openlsi.assess.assess import Assessment

TOLERANCE_GBP = 0.52
EXAMPLES = FIXTURES / "worked_households.json"
DRAWN = FIXTURES / "oracle_households.json"

Assessed = Callable[[Path, str | None], Assessment]


def expected(path: Path) -> Iterator[tuple[str, str, str, str, float]]:
    """Yield case, year, output, whose it is and the oracle's pounds."""
    for case in json.loads(path.read_text("utf-8"))["cases"]:
        for year, outputs in case["expected"].items():
            for output, owners in outputs.items():
                for owner, pounds in owners.items():
                    yield case["id"], year, output, owner, pounds


def differing(path: Path, figures: Any) -> list[tuple[str, str, str]]:
    """Return case, output and year of each figure that is off by more than the tolerance."""
    return [
        (case, output, year)
        for case, year, output, owner, pounds in expected(path)
        if abs(figures[case][year][output][owner] - pounds) > TOLERANCE_GBP
    ]


def test_every_line_of_the_worked_households_is_met(assessed: Assessed) -> None:
    assessment = assessed(EXAMPLES, "2024-25,2025-26,2026-27")
    assert len(list(expected(EXAMPLES))) == 822
    assert not assessment.refused
    assert differing(EXAMPLES, assessment.figures) == []


def test_a_figure_that_is_off_is_seen(assessed: Assessed) -> None:
    figures = assessed(EXAMPLES, "2024-25,2025-26,2026-27").figures
    figures["s01_single_no_income"]["2025-26"]["universal_credit"]["b1"] += 0.6
    assert differing(EXAMPLES, figures) == [("s01_single_no_income", "universal_credit", "2025-26")]


def test_drawn_households_differ_from_the_oracle_only_where_the_law_is_named(
    assessed: Assessed,
) -> None:
    assessment = assessed(DRAWN, "2023-24,2024-25,2025-26,2026-27")
    assert len(list(expected(DRAWN))) == 11_992
    found = set(differing(DRAWN, assessment.figures))
    with (FIXTURES / "oracle_differences.csv").open(encoding="utf-8", newline="") as file:
        named = {
            (row["case"], row["output"], year)
            for row in csv.DictReader(file)
            for year in row["years"].split()
        }
    assert found == named
