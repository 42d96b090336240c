"""Figures of a row that cannot have any are marked z, not x and never nought."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hand_made import JUNE, MONTH, PEOPLE, PLACE, POUNDS, TO_COUNTY, published, table, values

from openlsi.disclosure.spec import DisclosureError

MAY = date(2026, 5, 1)
DERIVED = (
    {"name": "each_gbp", "kind": "average", "pounds": "spent_gbp", "count": "people_count"},
    {
        "name": "share_ratio",
        "kind": "rate",
        "numerator": "people_count",
        "denominator": "all_count",
    },
    {"name": "change_gbp", "kind": "change", "of": "spent_gbp", "months": 1},
)
ALL = {"name": "all_count", "kind": "count", "source": "everyone"}
COLUMNS = (MONTH, PLACE, ALL, PEOPLE, POUNDS, *DERIVED)
NAMES = ("month", "place", "everyone", "people", "spent", "has_any")
MARKED = ("all_count", "people_count", "spent_gbp", "each_gbp", "share_ratio", "change_gbp")
ROWS = values(
    [
        (MAY, "landlord", 400, 100, 90000, True),
        (JUNE, "landlord", 400, 100, 95000, True),
        (MAY, "late", 400, 60, 50000, True),
        (JUNE, "late", None, None, None, True),
        (MAY, "without", None, None, None, False),
        (JUNE, "without", None, None, None, False),
    ],
    *NAMES,
)


def marks(folder: Path, place: str, **more: object) -> list[str | None]:
    chosen = ", ".join(f"{name}_mark" for name in MARKED)
    told = table("places", *COLUMNS, **more)
    with published(folder, {"places": ROWS}, told) as con:
        (row,) = con.execute(
            f"select {chosen} from published.places where place = ? and month = ?", [place, JUNE]
        ).fetchall()
    return list(row)


@pytest.mark.parametrize(
    ("place", "expected"),
    [("landlord", [None] * 6), ("late", ["x"] * 6), ("without", ["z"] * 6)],
)
def test_each_figure_of_a_row_says_why_it_is_empty(
    tmp_path: Path, place: str, expected: list[str | None]
) -> None:
    assert marks(tmp_path, place, applies="has_any") == expected


def test_where_nothing_says_what_applies_an_empty_figure_is_not_available(tmp_path: Path) -> None:
    assert marks(tmp_path, "without") == ["x"] * 6


def test_a_figure_that_stands_on_such_a_row_is_shown_and_not_hidden_behind_a_mark(
    tmp_path: Path,
) -> None:
    rows = values([(JUNE, "without", 400, 100, 9000, False)], *NAMES)
    told = table("places", *COLUMNS, applies="has_any")
    with published(tmp_path, {"places": rows}, told) as con:
        shown = con.execute("select people_count, people_count_mark from published.places")
        assert shown.fetchall() == [(100, None)]


def test_a_hidden_part_beside_one_that_cannot_apply_needs_a_second_one(tmp_path: Path) -> None:
    parts = values(
        [
            (JUNE, "a", 400, 4, 100, True), (JUNE, "b", 400, 50, 100, True),
            (JUNE, "c", 400, 60, 100, True), (JUNE, "z", None, None, None, False),
        ],
        *NAMES,
    )  # fmt: skip
    county = values([(JUNE, 114)], "month", "people")
    told = table("places", MONTH, PLACE, PEOPLE, applies="has_any", adds_to=[TO_COUNTY])
    with published(
        tmp_path, {"places": parts, "county": county}, told, table("county", MONTH, PEOPLE)
    ) as con:
        shown = con.execute(
            "select place, people_count_mark from published.places order by place"
        ).fetchall()
    assert shown == [("a", "c"), ("b", "c"), ("c", None), ("z", "z")]


def test_a_source_that_is_not_there_is_refused(tmp_path: Path) -> None:
    told = table("places", *COLUMNS, applies="has_homes")
    with (
        pytest.raises(DisclosureError, match=r"places.yml: applies reads metrics.places.has_homes"),
        published(tmp_path, {"places": ROWS}, told),
    ):
        pass
