"""Limits of a funnel plot, against figures worked by hand from what is shown."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hand_made import JUNE, MONTH, PLACE, published, table, values

from openlsi.disclosure.spec import DisclosureError

HELPED = {"name": "helped_count", "kind": "count", "source": "helped"}
HOMES = {"name": "home_count", "kind": "official", "source": "homes", "decimals": 0}
FUNNEL = {
    "prefix": "helped_funnel",
    "numerator": "helped_count",
    "denominator": "home_count",
    "within": ["month"],
}
DISTRICTS = [("A", JUNE, 100, 1000), ("B", JUNE, 200, 1000), ("C", JUNE, 300, 1000)]


def limits(
    folder: Path, rows: list[tuple[Any, ...]], *, winsorised: float = 0.0, edition: str = "public"
) -> dict[str, dict[str, Any]]:
    """Return what the funnel says of each place."""
    told = table(
        "helped",
        PLACE,
        MONTH,
        HELPED,
        HOMES,
        owner="place",
        funnels=[{**FUNNEL, "winsorised": winsorised}],
    )
    metrics = {"helped": values(rows, "place", "month", "helped", "homes")}
    owner = "A" if edition == "district" else None
    with published(folder, metrics, told, edition=edition, owner=owner) as con:
        found = con.execute("select * from published.helped")
        names = [column[0] for column in found.description or []]
        shown = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {row["place"]: row for row in shown}


def test_limits_are_widened_by_what_places_differ_beyond_chance(tmp_path: Path) -> None:
    """Shares of 0.1, 0.2 and 0.3 of a thousand homes each.

    Centre 600 ÷ 3,000 = 0.2; chance alone √(0.2 × 0.8 ÷ 1,000) = 0.012649, so scores of −7.9057,
    0 and 7.9057 and a dispersion of (62.5 + 0 + 62.5) ÷ 3 = 41.6667, 6.5 times chance. Weights of
    6,250 each: τ² = (3 × 41.6667 − 2) ÷ (18,750 − 6,250) = 0.00984, and with chance 0.01: the
    deviation is 0.1.
    """
    told = limits(tmp_path, DISTRICTS)["A"]
    assert told["helped_funnel_centre_ratio"] == 0.2
    assert told["helped_funnel_spread_factor"] == 6.5
    assert told["helped_funnel_low_95_ratio"] == pytest.approx(0.2 - 0.1959964, abs=0.0001)
    assert told["helped_funnel_high_95_ratio"] == pytest.approx(0.3960, abs=0.00001)
    assert told["helped_funnel_high_998_ratio"] == pytest.approx(0.5090, abs=0.00001)
    # Below nought there is no share.
    assert told["helped_funnel_low_998_ratio"] == 0


def test_a_score_at_the_end_is_pulled_in_and_then_lies_outside(tmp_path: Path) -> None:
    """Nine places at 0.1 to 0.108 and one at 0.5: its own score must not hide it."""
    rows = [(name, JUNE, 1000 + 10 * step, 10_000) for step, name in enumerate("ABCDEFGHI")]
    told = limits(tmp_path, [*rows, ("J", JUNE, 5000, 10_000)], winsorised=0.1)
    standing = {name: row["helped_funnel_standing"] for name, row in told.items()}
    assert standing.pop("J") == "above the outer limit"
    assert set(standing.values()) == {"within the limits"}


def test_limits_of_chance_alone_narrow_for_a_larger_place(tmp_path: Path) -> None:
    """All have the same share: nothing is added to chance, √(0.2 × 0.8 ÷ n)."""
    rows = [("A", JUNE, 200, 1000), ("B", JUNE, 800, 4000), ("C", JUNE, 1800, 9000)]
    told = limits(tmp_path, rows)
    for name, homes in (("A", 1000), ("B", 4000), ("C", 9000)):
        reach = 1.959964 * math.sqrt(0.2 * 0.8 / homes)
        shown = told[name]["helped_funnel_high_95_ratio"]
        assert shown == pytest.approx(0.2 + reach, abs=0.00005)
        assert told[name]["helped_funnel_standing"] == "within the limits"
        assert told[name]["helped_funnel_spread_factor"] == 0


def test_a_hidden_count_is_in_no_limit_and_has_no_standing(tmp_path: Path) -> None:
    with_hidden = limits(tmp_path, [*DISTRICTS, ("D", JUNE, 7, 1000)])
    without = {
        name: value
        for name, value in limits(tmp_path, DISTRICTS)["A"].items()
        if name.startswith("helped_funnel")
    }
    assert with_hidden["D"]["helped_count_mark"] == "c"
    assert with_hidden["D"]["helped_funnel_standing"] is None
    assert {name: with_hidden["A"][name] for name in without} == without


def test_limits_follow_from_rounded_counts(tmp_path: Path) -> None:
    """A count of 102 is shown as 100, and 100 is what the limits know."""
    exact = [("A", JUNE, 102, 1000), ("B", JUNE, 198, 1000), ("C", JUNE, 301, 1000)]
    assert limits(tmp_path, exact) == limits(tmp_path, DISTRICTS)


def test_fewer_than_three_places_have_no_limits(tmp_path: Path) -> None:
    told = limits(tmp_path, DISTRICTS[:2])["A"]
    assert {told[name] for name in told if name.startswith("helped_funnel")} == {None}


def test_a_districts_own_edition_has_no_limits(tmp_path: Path) -> None:
    told = limits(tmp_path, DISTRICTS, edition="district")
    assert set(told) == {"A"}
    assert {told["A"][name] for name in told["A"] if name.startswith("helped_funnel")} == {None}


def test_a_funnel_of_a_column_that_is_not_there_is_refused(tmp_path: Path) -> None:
    told = table("helped", PLACE, MONTH, HELPED, funnels=[FUNNEL])
    metrics = {"helped": values([("A", JUNE, 100)], "place", "month", "helped")}
    with (
        pytest.raises(DisclosureError, match="mentioned but not there: home_count"),
        published(tmp_path, metrics, told),
    ):
        pass
