"""Counts under 10 are hidden, others in fives; pounds go in thousands, with their count."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hand_made import JUNE, MONTH, PEOPLE, PLACE, POUNDS, published, table, values


def one_cell(folder: Path, count: int | None) -> tuple[Any, ...]:
    rows = values([(JUNE, count), (date(2026, 5, 1), 100)], "month", "people")
    with published(folder, {"county": rows}, table("county", MONTH, PEOPLE)) as con:
        return con.execute(
            "select people_count, people_count_mark from published.county order by month desc"
        ).fetchall()[0]


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, 0), (10, 10), (12, 10), (13, 15), (17, 15), (18, 20), (1002, 1000), (1003, 1005)],
)
def test_a_count_of_nought_or_ten_and_more_is_shown_in_fives(
    tmp_path: Path, count: int, shown: int
) -> None:
    assert one_cell(tmp_path, count) == (shown, None)


@pytest.mark.parametrize("count", [1, 2, 5, 9, -1, -20])
def test_a_count_of_one_to_nine_is_hidden_and_so_is_one_below_nought(
    tmp_path: Path, count: int
) -> None:
    assert one_cell(tmp_path, count) == (None, "c")


def test_what_nobody_sent_is_not_available_and_not_nought(tmp_path: Path) -> None:
    assert one_cell(tmp_path, None) == (None, "x")


@pytest.mark.parametrize(
    ("people", "spent", "largest", "expected"),
    [
        (10, 10499, 900, (10000, None)),
        (10, 10500, 900, (11000, None)),
        (100, -1499, 40, (-1000, None)),
        (9, 10499, 900, (None, "c")),
        (0, 0, 0, (0, None)),
        (0, 3000, 0, (None, "c")),
        (10, 10000, 5000, (10000, None)),
        (10, 10000, 5001, (None, "c")),
        (10, 10000, None, (None, "c")),
        (10, None, None, (None, "x")),
    ],
    ids=[
        "rounded down", "rounded up", "negative", "hidden with its count", "nought on nobody",
        "pounds on nobody", "just half", "one has more than half", "largest not known", "not sent",
    ],
)  # fmt: skip
def test_pounds(
    tmp_path: Path, people: int, spent: int | None, largest: int | None, expected: tuple[Any, ...]
) -> None:
    rows = values([(JUNE, people, spent, largest)], "month", "people", "spent", "largest")
    told = table("county", MONTH, PEOPLE, {**POUNDS, "largest": "largest"})
    with published(tmp_path, {"county": rows}, told) as con:
        assert (
            con.execute("select spent_gbp, spent_gbp_mark from published.county").fetchone()
            == expected
        )


def test_dominance_of_pounds_that_can_be_negative_is_judged_by_their_sizes(tmp_path: Path) -> None:
    """Plus £9,000 and minus £9,000 leave £400: each is far more than half of what is left."""
    rows = values(
        [(JUNE, 12, 400, 9000, 18400), (date(2026, 5, 1), 12, 400, 9300, 18400)],
        "month", "people", "spent", "largest", "gross",
    )  # fmt: skip
    told = table("county", MONTH, PEOPLE, {**POUNDS, "largest": "largest", "gross": "gross"})
    with published(tmp_path, {"county": rows}, told) as con:
        marks = con.execute("select spent_gbp_mark from published.county order by month").fetchall()
    assert marks == [("c",), (None,)]


AVERAGE = {"name": "each_gbp", "kind": "average", "pounds": "spent_gbp", "count": "people_count"}
RATE = {
    "name": "working_ratio",
    "kind": "rate",
    "numerator": "working_count",
    "denominator": "people_count",
}


@pytest.mark.parametrize(
    ("people", "spent", "expected"),
    [
        # £84,150 on 99 people is £850 each; as published £84,000 on 100 is £840.
        (99, 84150, (840, None)),
        (0, 0, (None, "z")),
        (9, 84150, (None, "c")),
        (None, None, (None, "x")),
        # £2,000 on 100 people may be anything from £1,500: a quarter off, so not shown.
        (100, 2000, (None, "c")),
        (100, 300, (None, "c")),
    ],
    ids=["from published figures", "of nobody", "hidden", "not sent", "coarse", "rounded away"],
)
def test_an_average_is_that_of_the_published_figures_and_not_too_coarse(
    tmp_path: Path, people: int | None, spent: int | None, expected: tuple[Any, ...]
) -> None:
    rows = values([(JUNE, people, spent), (date(2026, 5, 1), 50, 9000)], "month", "people", "spent")
    told = table("county", MONTH, PEOPLE, POUNDS, AVERAGE)
    with published(tmp_path, {"county": rows}, told) as con:
        assert (
            con.execute(
                "select each_gbp, each_gbp_mark from published.county where month = '2026-06-01'"
            ).fetchone()
            == expected
        )


def test_a_rate_is_that_of_the_rounded_counts(tmp_path: Path) -> None:
    rows = values([(JUNE, 57, 33)], "month", "people", "working")
    working = {"name": "working_count", "kind": "count", "source": "working"}
    told = table("county", MONTH, PEOPLE, working, RATE)
    with published(tmp_path, {"county": rows}, told) as con:
        shown = con.execute("select working_ratio from published.county").fetchone()
    assert shown == (round(35 / 55, 4),)  # and not 33 ÷ 57


@pytest.mark.parametrize(
    ("people", "working", "expected"),
    [
        (60, 30, (60, 30, None)),
        (60, 55, (60, None, "c")),
        (60, 60, (60, 60, None)),
        (60, 0, (60, 0, None)),
        (8, 0, (None, None, "c")),
        (8, 8, (None, None, "c")),
    ],
    ids=["shown", "the rest is small", "all", "none", "none of few", "all of few"],
)
def test_a_part_is_hidden_where_the_rest_is_small_or_it_tells_all_about_a_few(
    tmp_path: Path, people: int, working: int, expected: tuple[Any, ...]
) -> None:
    part = {"name": "working_count", "kind": "count", "source": "working"}
    told = table("county", MONTH, PEOPLE, {**part, "subset_of": "people_count"})
    rows = values([(JUNE, people, working)], "month", "people", "working")
    with published(tmp_path, {"county": rows}, told) as con:
        assert (
            con.execute(
                "select people_count, working_count, working_count_mark from published.county"
            ).fetchone()
            == expected
        )


CHANGE = {"name": "change_count", "kind": "change", "of": "people_count", "months": 1}


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (12, 13, (5, None)),
        (13, 17, (0, None)),
        (9, 13, (None, "c")),
        (13, 9, (None, "c")),
        (0, 20, (20, None)),
        (None, 20, (None, "x")),
    ],
    ids=["one more", "four more", "hidden before", "hidden now", "from nought", "not sent"],
)
def test_a_change_is_that_of_the_rounded_counts(
    tmp_path: Path, before: int | None, now: int, expected: tuple[Any, ...]
) -> None:
    rows = values([(date(2026, 5, 1), before), (JUNE, now)], "month", "people")
    with published(tmp_path, {"county": rows}, table("county", MONTH, PEOPLE, CHANGE)) as con:
        assert (
            con.execute(
                "select change_count, change_count_mark from published.county "
                "where month = '2026-06-01'"
            ).fetchone()
            == expected
        )


DIFFERENCES = (
    {"name": "official_count", "kind": "official", "source": "told"},
    {"name": "more_count", "kind": "difference", "of": "people_count", "less": "official_count"},
    {"name": "more_ratio", "kind": "difference", "of": "people_count", "less": "official_count",
     "relative": True},
)  # fmt: skip


@pytest.mark.parametrize(
    ("people", "told", "shown"),
    [
        (111, 100, (10, None, 0.1, None)),
        (7, 100, (None, "c", None, "c")),
        (111, None, (None, "x", None, "x")),
        (None, 100, (None, "x", None, "x")),
        (111, 0, (110, None, None, "z")),
    ],
)
def test_a_difference_is_of_the_figures_shown_and_only_where_both_are(
    tmp_path: Path, people: int | None, told: int | None, shown: tuple[float | str | None, ...]
) -> None:
    metrics = {
        "county": "select date '2026-06-01' as month, "
        f"cast({people or 'null'} as bigint) as people, "
        f"cast({'null' if told is None else told} as bigint) as told"
    }
    with published(tmp_path, metrics, table("county", MONTH, PEOPLE, *DIFFERENCES)) as con:
        found = con.execute(
            "select more_count, more_count_mark, more_ratio, more_ratio_mark from published.county"
        ).fetchone()
    assert found == shown


def test_a_relative_change_from_nought_cannot_apply(tmp_path: Path) -> None:
    rows = values([(date(2026, 5, 1), 0), (JUNE, 20)], "month", "people")
    told = table("county", MONTH, PEOPLE, {**CHANGE, "relative": True})
    with published(tmp_path, {"county": rows}, told) as con:
        assert con.execute(
            "select change_count, change_count_mark from published.county where month='2026-06-01'"
        ).fetchone() == (None, "z")


def test_a_county_with_a_district_missing_says_so_and_is_not_compared(tmp_path: Path) -> None:
    places = values([(f"E{number:02}",) for number in range(12)], "place")
    held = values([(date(2026, 5, 1), 1200, 12), (JUNE, 1100, 11)], "month", "people", "held")
    districts = table("districts", PLACE, status="information")
    county = table(
        "county",
        MONTH,
        PEOPLE,
        {"name": "held", "kind": "label", "source": "held", "counts": "districts"},
        {"name": "due", "kind": "summary", "table": "districts", "column": "place",
         "function": "count"},
        {"name": "coverage_text", "kind": "text", "template": "{held} of {due} districts"},
        {**CHANGE, "alike": "held"},
    )  # fmt: skip
    metrics = {"districts": places, "county": held}
    with published(tmp_path, metrics, districts, county) as con:
        shown = con.execute(
            "select coverage_text, people_count, change_count, change_count_mark "
            "from published.county order by month"
        ).fetchall()
    assert shown == [
        ("12 of 12 districts", 1200, None, "x"),
        ("11 of 12 districts", 1100, None, "x"),
    ]
