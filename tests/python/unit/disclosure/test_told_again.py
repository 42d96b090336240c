"""What one table tells, another tells once more: hidden in one, it is hidden in both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hand_made import JUNE, MONTH, PEOPLE, PLACE, TO_COUNTY, published, table, values

ALL = {"people_count": "people_count"}
SCENARIO = {"name": "scenario", "kind": "key", "source": "scenario"}
TO_DISTRICT = {
    "table": "district", "match": {"place": "place", "month": "month"}, "columns": ALL,
}  # fmt: skip
# District A is small and needs one of its neighbours hidden; every scenario counts the same.
DISTRICTS = [("A", JUNE, 4), ("B", JUNE, 300), ("C", JUNE, 400)]
SCENARIOS = ("base", "cheaper", "dearer")


def marks(folder: Path, scenarios: list[tuple[Any, ...]], **addition: Any) -> dict[str, list[str]]:
    """Publish districts and their scenarios; return place → scenarios that hide it."""
    metrics = {
        "county": values([(JUNE, sum(row[2] for row in DISTRICTS))], "month", "people"),
        "district": values(DISTRICTS, "place", "month", "people"),
        "again": values(scenarios, "place", "month", "scenario", "people"),
    }
    tables = (
        table("county", MONTH, PEOPLE),
        table("district", PLACE, MONTH, PEOPLE, adds_to=[TO_COUNTY]),
        table("again", PLACE, MONTH, SCENARIO, PEOPLE, adds_to=[{**TO_DISTRICT, **addition}]),
    )
    with published(folder, metrics, *tables) as con:
        found: dict[str, list[str]] = {}
        for place, scenario in con.execute(
            "select place, 'itself' from published.district where people_count_mark = 'c' union all"
            " select place, scenario from published.again where people_count_mark = 'c' order by 2"
        ).fetchall():
            found.setdefault(place, []).append(scenario)
    return found


def test_each_row_that_tells_a_hidden_figure_again_is_hidden(tmp_path: Path) -> None:
    same = [(place, month, scenario, people) for place, month, people in DISTRICTS
            for scenario in SCENARIOS]  # fmt: skip
    hidden = marks(tmp_path, same, again=True)
    assert len(hidden) == 2
    # Each of the two is hidden as itself and in every scenario, and not as a sum of three.
    assert all(sorted(found) == sorted([*SCENARIOS, "itself"]) for found in hidden.values())


def test_nobody_of_a_hidden_whole_is_hidden_with_it(tmp_path: Path) -> None:
    """Who is counted under cheaper essentials is counted as defined: of few, nobody would tell."""
    fewer = [("A", JUNE, "cheaper", 0), ("B", JUNE, "cheaper", 0), ("C", JUNE, "cheaper", 0)]
    hidden = marks(tmp_path, fewer, within=True)
    # It is a part and no sum: of a district that is shown, nobody is shown too.
    assert len(hidden) == 2
    assert hidden["A"] == ["cheaper", "itself"]
    assert all(found == ["cheaper", "itself"] for found in hidden.values())
