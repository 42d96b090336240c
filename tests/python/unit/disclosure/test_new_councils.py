"""Options that overlap: one council less another is a district, which must not come out so.

The shape of the tables of new councils: districts add to those that stay together under every
option, these to a council of each option, in the same table.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hand_made import JUNE, MONTH, PEOPLE, PLACE, published, table, values

from openlsi.config.county import configuration_files
from openlsi.disclosure.reading import load_specs
from openlsi.home import Home

SHARED = {"name": "shared_key", "kind": "label", "source": "shared_key"}
FIRST = {"name": "first_key", "kind": "label", "source": "first_key"}
SECOND = {"name": "second_key", "kind": "label", "source": "second_key"}
TO_SHARED = {
    "table": "council", "match": {"place": "shared_key", "month": "month"},
    "columns": ["people_count"],
}  # fmt: skip
TO_COUNCILS = [
    {**TO_SHARED, "match": {"place": key, "month": "month"}} for key in ("first_key", "second_key")
]
# Swale is in the north of the first option and in the middle of the second; it stays with nobody.
DISTRICTS = {
    "Dartford": ("north", 300), "Gravesham": ("north", 400), "Swale": ("swale", 4),
    "Ashford": ("mid", 500), "Folkestone": ("mid", 600),
}  # fmt: skip
COUNCILS = {
    "north": ("1 North", "2 North"), "swale": ("1 North", "2 Mid"), "mid": ("1 South", "2 Mid"),
}  # fmt: skip


def marks(folder: Path, district_adds_to: list[dict[str, object]]) -> dict[str, bool]:
    """Publish the county, and say of each place whether its figure is hidden."""
    districts = [(name, JUNE, people, part) for name, (part, people) in DISTRICTS.items()]
    shared = {
        part: sum(people for other, people in DISTRICTS.values() if other == part)
        for part in COUNCILS
    }
    places: list[tuple[object, ...]] = [
        (part, JUNE, people, *COUNCILS[part]) for part, people in shared.items()
    ]
    for option in (0, 1):
        for council in sorted({one[option] for one in COUNCILS.values()}):
            whole = sum(shared[part] for part in COUNCILS if COUNCILS[part][option] == council)
            places.append((council, JUNE, whole, None, None))
    metrics = {
        "district": values(districts, "place", "month", "people", "shared_key"),
        "council": values(places, "place", "month", "people", "first_key", "second_key"),
    }
    tables = (
        table("district", PLACE, MONTH, PEOPLE, SHARED, adds_to=district_adds_to),
        table("council", PLACE, MONTH, PEOPLE, FIRST, SECOND, adds_to=TO_COUNCILS),
    )
    with published(folder, metrics, *tables) as con:
        return dict(
            con.execute(
                "select place, people_count_mark is not null from published.district"
                " union all select place, people_count_mark is not null from published.council"
            ).fetchall()
        )


def test_a_hidden_district_is_not_the_difference_of_two_councils(tmp_path: Path) -> None:
    hidden = marks(tmp_path, [TO_SHARED])
    assert hidden["Swale"] and hidden["swale"]
    # North of the first option less North of the second; Mid of the second less South of the first.
    assert hidden["1 North"] or hidden["2 North"]
    assert hidden["2 Mid"] or hidden["1 South"]
    # Nor from its neighbours in the same council, under either option.
    for option in (0, 1):
        parts = [part for part in COUNCILS if COUNCILS[part][option] == COUNCILS["swale"][option]]
        whole = COUNCILS["swale"][option]
        assert hidden[whole] or sum(hidden[part] for part in parts) > 1, whole


@pytest.mark.parametrize(
    "name", ["cts", "cts_age", "cts_bearer", "council_tax", "living_standards", "uc"]
)
def test_every_table_of_new_councils_is_tied_to_its_districts_and_to_each_option(
    name: str,
) -> None:
    specs = load_specs(configuration_files(Home(Path("no county's own")), "disclosure"))
    district, council = specs[f"district_{name}_month"], specs[f"new_council_{name}_month"]
    (tie,) = [one for one in district.adds_to if one.table == council.table]
    assert tie.match["place_key"] == "shared_part_key"
    to_options = [one for one in council.adds_to if one.table == council.table]
    assert {one.match["place_key"] for one in to_options} == {
        "first_council_key", "second_council_key", "third_council_key",
    }  # fmt: skip
    figures = {column.name for column in council.columns if column.kind in ("count", "pounds")}
    assert set(tie.columns) == figures
    assert all(set(one.columns) == figures for one in to_options)
