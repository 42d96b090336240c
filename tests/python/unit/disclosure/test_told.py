"""Figures that a row names are those shown elsewhere, and nothing more."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from hand_made import JUNE, MONTH, PEOPLE, PLACE, published, table, values

MAY, APRIL = date(2026, 5, 1), date(2026, 4, 1)
LIST = {
    **table(
        "listed",
        {"name": "name", "kind": "key", "source": "name"},
        MONTH,
        *(
            {"name": f"figure_{part}", "kind": "label", "source": f"figure_{part}"}
            for part in ("table", "column", "filter")
        ),
        *(
            {
                "name": name, "kind": "told", "table": "figure_table", "column": "figure_column",
                "where": "figure_filter", "month": "month", "months_before": before,
            }
            for name, before in (("now", 0), ("before", 2))
        ),
        {"name": "from_now", "kind": "told_from", "told": "now"},
        {"name": "from_before", "kind": "told_from", "told": "before"},
        {"name": "change", "kind": "difference", "of": "now", "less": "before",
         "where_same": ["from_now", "from_before"]},
    ),
    "status": "information",
}  # fmt: skip
COUNTY = table("county", MONTH, PEOPLE)
PLACES = table("places", PLACE, MONTH, PEOPLE, editions=["county"])
HELD = table(
    "held", MONTH, PEOPLE,
    {"name": "held", "kind": "label", "source": "held", "counts": "districts"},
    {"name": "coverage_text", "kind": "text", "template": "{held} of 12 districts"},
)  # fmt: skip
ALL_TIME = table("all_time", PLACE, PEOPLE)
METRICS = {
    "county": values([(APRIL, 103), (MAY, 7), (JUNE, 151)], "month", "people"),
    "places": values([("A", JUNE, 60), ("B", JUNE, 90)], "place", "month", "people"),
    "held": values([(APRIL, 600, 12), (MAY, 600, 12), (JUNE, 500, 11)], "month", "people", "held"),
    "all_time": values([("A", 400), ("B", 4)], "place", "people"),
}


SHOWN = "now, now_mark, before, before_mark, change"


def told(
    folder: Path, rows: list[tuple[Any, ...]], edition: str = "county", shown: str = SHOWN
) -> list[Any]:
    """Return figure, mark, figure two months before, its mark, and the change; or what is asked."""
    names = ("name", "month", "figure_table", "figure_column", "figure_filter")
    metrics = {**METRICS, "listed": values(rows, *names)}
    with published(folder, metrics, LIST, COUNTY, PLACES, ALL_TIME, HELD, edition=edition) as con:
        return con.execute(f"select {shown} from published.listed order by name, month").fetchall()


def test_a_figure_is_the_one_shown_with_that_of_two_months_before(tmp_path: Path) -> None:
    rows = [("a", month, "county", "people_count", "{}") for month in (MAY, JUNE)]
    assert told(tmp_path, rows) == [(None, "c", None, "x", None), (150.0, None, 105.0, None, 45.0)]


def test_a_row_is_found_by_its_keys(tmp_path: Path) -> None:
    rows = [("a", JUNE, "places", "people_count", '{"place": "B"}')]
    assert told(tmp_path, rows)[0][:2] == (90.0, None)


def test_a_figure_without_months_is_of_the_newest_month(tmp_path: Path) -> None:
    rows = [("a", month, "all_time", "people_count", '{"place": "A"}') for month in (MAY, JUNE)]
    rows += [("b", JUNE, "all_time", "people_count", '{"place": "B"}')]
    shown = told(tmp_path, rows)
    assert [row[:2] for row in shown] == [(None, "x"), (400.0, None), (None, "c")]


def test_what_an_edition_keeps_back_is_not_told_in_a_list_either(tmp_path: Path) -> None:
    rows = [("a", JUNE, "places", "people_count", '{"place": "A"}')]
    assert told(tmp_path, rows, "public")[0][:2] == (None, "x")
    assert told(tmp_path, rows, "county")[0][:2] == (60.0, None)


def test_a_month_with_fewer_districts_is_no_fall(tmp_path: Path) -> None:
    rows = [("a", JUNE, "held", "people_count", "{}")]
    shown = "now, from_now, before, from_before, change, change_mark"
    assert told(tmp_path, rows, shown=shown) == [
        (500.0, "11 of 12 districts", 600.0, "12 of 12 districts", None, "x")
    ]
    # Nothing is said of districts where the table does not say.
    rows = [("a", JUNE, "county", "people_count", "{}")]
    assert told(tmp_path, rows, shown="from_now, change") == [(None, 46.0 - 1)]
