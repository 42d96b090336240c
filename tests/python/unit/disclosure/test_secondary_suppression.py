"""What would give a hidden cell away is hidden too; the headline totals stay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hand_made import JUNE, MONTH, PEOPLE, PLACE, POUNDS, TO_COUNTY, published, table, values

from openlsi.disclosure import choice
from openlsi.disclosure.spec import DisclosureError

COUNTY = table("county", MONTH, PEOPLE)
DISTRICT = table("district", PLACE, MONTH, PEOPLE, adds_to=[TO_COUNTY])


def parts_and_total(folder: Path, parts: Mapping[str, int | None]) -> tuple[Any, ...]:
    """Return what is shown of each part, by name, and of their total; 'c' where hidden."""
    total = sum(count or 0 for count in parts.values())
    metrics = {
        "county": values([(JUNE, total)], "month", "people"),
        "district": values(
            [(place, JUNE, count) for place, count in parts.items()], "place", "month", "people"
        ),
    }
    shown = "coalesce(people_count_mark, cast(people_count as varchar))"
    with published(folder, metrics, COUNTY, DISTRICT) as con:
        districts = con.execute(f"select {shown} from published.district order by place").fetchall()
        county = con.execute(f"select {shown} from published.county").fetchall()
    return tuple(value for (value,) in [*districts, *county])


def test_a_figure_that_stands_on_several_rows_is_hidden_on_all_or_none(tmp_path: Path) -> None:
    """Each option tells the same caseload: one option's row would give the other's away."""
    option = {"name": "option", "kind": "key", "source": "option"}
    again = PEOPLE | {"repeats_over": ["option"]}
    to_county = {
        "table": "county",
        "match": {"month": "month", "option": "option"},
        "columns": ["people_count"],
    }
    # Under y the place b is not comparable, so that only c can stand beside a.
    rows = [
        (place, JUNE, name, count)
        for place, count in (("a", 3), ("b", 40), ("c", 50))
        for name in ("x", "y")
        if (place, name) != ("b", "y")
    ]
    metrics = {
        "county": values([(JUNE, "x", 93), (JUNE, "y", 53)], "month", "option", "people"),
        "district": values(rows, "place", "month", "option", "people"),
    }

    def hidden(kind: dict[str, Any]) -> list[tuple[str, str]]:
        county = table("county", MONTH, option, PEOPLE)
        district = table("district", PLACE, MONTH, option, kind, adds_to=[to_county])
        with published(tmp_path, metrics, county, district) as con:
            return con.execute(
                "select option, string_agg(place, '' order by place) from published.district"
                " where people_count_mark = 'c' group by option order by option"
            ).fetchall()

    assert hidden(PEOPLE) == [("x", "ab"), ("y", "ac")]
    assert hidden(again) == [("x", "ac"), ("y", "ac")]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((20, 40, 60), ("20", "40", "60", "120")),
        ((3, 40, 20), ("c", "c", "20", "65")),
        ((40, 20, 3), ("c", "20", "c", "65")),
        ((3, 4, 20), ("c", "c", "20", "25")),
        ((3, 0, 40), ("c", "0", "c", "45")),
        ((3, None, 40), ("c", "x", "c", "45")),
        ((30, 0, 0), ("30", "0", "0", "30")),
        ((3, 2, 0), ("c", "c", "c", "c")),
        ((3, 0, 0), ("c", "c", "c", "c")),
        ((1, 1, 10), ("c", "c", "c", "10")),
    ],
    ids=[
        "nothing is small", "the next by key goes too", "after the last comes the first",
        "two are enough",
        "nought helps least, so it stays", "what was not sent cannot help", "one has all",
        "nought of a hidden total tells", "the only part is the total",
        "two ones beside ten of at most twelve would be bared",
    ],
)  # fmt: skip
def test_parts_of_a_total(
    tmp_path: Path, parts: tuple[Any, ...], expected: tuple[str, ...]
) -> None:
    assert parts_and_total(tmp_path, dict(zip("abc", parts, strict=True))) == expected


def test_a_total_that_leaves_its_parts_one_value_each_is_hidden(tmp_path: Path) -> None:
    """Twelve hidden parts of at least one, and a total of at most twelve: each would be one."""
    assert parts_and_total(tmp_path, dict.fromkeys("abcdefghijkl", 1)) == ("c",) * 13


def test_six_nines_are_not_shown_beside_a_total_that_bares_them(tmp_path: Path) -> None:
    """Whoever takes each to be under ten knows that 53 or more of six leaves them eight or nine."""
    assert parts_and_total(tmp_path, dict.fromkeys("abcdef", 9)) == ("c",) * 7


def test_hiding_goes_on_through_linked_tables_until_nothing_is_bared(tmp_path: Path) -> None:
    """Pension age of A is small, so another age of A and another pension age are hidden; each of
    these needs another again."""
    ages = {"A": (4, 50), "B": (30, 60), "C": (40, 70)}
    rows = [
        (place, JUNE, age, count)
        for place, counts in ages.items()
        for age, count in zip(("pension", "working"), counts, strict=True)
    ]
    age = {"name": "age", "kind": "key", "source": "age"}
    metrics = {
        "district": values(
            [(p, JUNE, sum(c)) for p, c in ages.items()], "place", "month", "people"
        ),
        "county": values([(JUNE, 254)], "month", "people"),
        "county_age": values(
            [(JUNE, "pension", 74), (JUNE, "working", 180)], "month", "age", "people"
        ),
        "district_age": values(rows, "place", "month", "age", "people"),
    }
    to_district = {
        "table": "district",
        "match": {"place": "place", "month": "month"},
        "columns": ["people_count"],
    }
    to_age = {
        "table": "county_age",
        "match": {"month": "month", "age": "age"},
        "columns": ["people_count"],
    }
    tables = (
        COUNTY,
        DISTRICT,
        table("county_age", MONTH, age, PEOPLE, adds_to=[TO_COUNTY]),
        table("district_age", PLACE, MONTH, age, PEOPLE, adds_to=[to_district, to_age]),
    )
    with published(tmp_path, metrics, *tables) as con:
        hidden = con.execute(
            "select place, age from published.district_age where people_count_mark = 'c' "
            "order by all"
        ).fetchall()
        headlines = con.execute(
            "select count(*) from (select people_count from published.district union all "
            "select people_count from published.county_age) where people_count is null"
        ).fetchone()
    assert hidden == [("A", "pension"), ("A", "working"), ("B", "pension"), ("B", "working")]
    assert headlines == (0,)


ALL = {"name": "all_gbp", "kind": "pounds", "source": "everything", "count": "people_count"}
NEW = {"name": "new_gbp", "kind": "pounds", "source": "new", "count": "people_count"}
LATE_COUNT = {"name": "late_count", "kind": "count", "source": "late_people"}
LATE = {"name": "late_gbp", "kind": "pounds", "source": "late", "count": "late_count"}
ROW = {"total": "all_gbp", "parts": ["new_gbp", "late_gbp"]}


@pytest.mark.parametrize(
    ("late_people", "late", "expected"),
    [
        (40, 9000, ("100000", "91000", "9000")),
        (3, 9000, ("100000", "c", "c")),
        (3, 700, ("100000", "99000", "c")),
    ],
    ids=["nothing is hidden", "the rest would tell £9,000", "£700 are lost in the rounding"],
)
def test_columns_of_a_row_that_add_up(
    tmp_path: Path, late_people: int, late: int, expected: tuple[str, ...]
) -> None:
    told = table("county", MONTH, PEOPLE, ALL, NEW, LATE_COUNT, LATE, row_sums=[ROW])
    rows = values(
        [(JUNE, 900, 100000, 100000 - late, late_people, late)],
        "month", "people", "everything", "new", "late_people", "late",
    )  # fmt: skip
    shown = ", ".join(
        f"coalesce({name}_mark, cast({name} as varchar))"
        for name in ("all_gbp", "new_gbp", "late_gbp")
    )
    with published(tmp_path, {"county": rows}, told) as con:
        assert con.execute(f"select {shown} from published.county").fetchone() == expected


def test_a_year_to_date_is_hidden_from_its_first_hidden_month_to_the_year_s_end(
    tmp_path: Path,
) -> None:
    months = [date(2026, month, 1) for month in (1, 2, 3, 4, 5)]
    people = [50, 8, 50, 50, 50]
    so_far = [20000, 40000, 60000, 20000, 40000]
    rows = [
        (month, count, 20000, to_date)
        for month, count, to_date in zip(months, people, so_far, strict=True)
    ]
    to_date = {
        "name": "to_date_gbp",
        "kind": "pounds",
        "source": "to_date",
        "count": "people_count",
        "runs_up": {"of": "spent_gbp"},
    }
    metrics = {"county": values(rows, "month", "people", "spent", "to_date")}
    with published(tmp_path, metrics, table("county", MONTH, PEOPLE, POUNDS, to_date)) as con:
        marks = con.execute(
            "select spent_gbp_mark, to_date_gbp_mark from published.county order by month"
        ).fetchall()
    assert marks == [(None, None), ("c", "c"), (None, "c"), (None, None), (None, None)]


def test_pounds_without_a_count_of_their_own_follow_another_table_s(tmp_path: Path) -> None:
    metrics = {
        "county": values([(JUNE, 8, 4000)], "month", "people", "spent"),
        "share": values([(JUNE, "police", 400)], "month", "bearer", "share"),
    }
    bearer = {"name": "bearer", "kind": "key", "source": "bearer"}
    share = {
        "name": "share_gbp",
        "kind": "pounds",
        "source": "share",
        "shown_with": {"table": "county", "column": "spent_gbp", "match": {"month": "month"}},
    }
    tables = (table("county", MONTH, PEOPLE, POUNDS), table("share", MONTH, bearer, share))
    with published(tmp_path, metrics, *tables) as con:
        assert con.execute("select share_gbp, share_gbp_mark from published.share").fetchone() == (
            None,
            "c",
        )


def test_nought_of_a_whole_that_is_hidden_for_another_s_sake_is_hidden_too(tmp_path: Path) -> None:
    """Readers cannot tell why a whole is hidden; that none of it is working age must not show."""
    working = {**PEOPLE, "name": "working_count", "source": "working", "subset_of": "people_count"}
    metrics = {
        "county": values([(JUNE, 79)], "month", "people"),
        "district": values(
            [("A", JUNE, 7, 3), ("B", JUNE, 12, 0), ("C", JUNE, 60, 0)],
            "place", "month", "people", "working",
        ),
    }  # fmt: skip
    told = table("district", PLACE, MONTH, PEOPLE, working, adds_to=[TO_COUNTY])
    with published(tmp_path, metrics, COUNTY, told) as con:
        marks = con.execute(
            "select people_count_mark, working_count_mark from published.district order by place"
        ).fetchall()
    assert marks == [("c", "c"), ("c", "c"), (None, None)]


def test_nought_that_another_total_tells_anyway_stays_shown(tmp_path: Path) -> None:
    """A district without anybody shows so, whatever is hidden of the county's age groups."""
    age = {"name": "age", "kind": "key", "source": "age"}
    rows = [("A", "pension", 0), ("A", "working", 0), ("B", "pension", 1), ("B", "working", 12)]
    metrics = {
        "district": values([("A", 0), ("B", 13)], "place", "people"),
        "county_age": values([("pension", 1), ("working", 12)], "age", "people"),
        "district_age": values(rows, "place", "age", "people"),
    }
    sums = [
        {"table": "district", "match": {"place": "place"}, "columns": ["people_count"]},
        {"table": "county_age", "match": {"age": "age"}, "columns": ["people_count"]},
    ]
    tables = (
        table("district", PLACE, PEOPLE),
        table("county_age", age, PEOPLE),
        table("district_age", PLACE, age, PEOPLE, adds_to=sums),
    )
    with published(tmp_path, metrics, *tables) as con:
        shown = con.execute(
            "select place, people_count, people_count_mark from published.district_age "
            "order by place, age"
        ).fetchall()
    assert shown == [("A", 0, None), ("A", 0, None), ("B", None, "c"), ("B", None, "c")]


SHARE = {"name": "share_ratio", "kind": "rate", "numerator": "working_count",
         "denominator": "people_count"}  # fmt: skip


@pytest.mark.parametrize(
    ("people", "working", "expected"),
    [
        (15, 0, ("c", "c")), (15, 15, ("c", "c")), (16, 0, ("c", "c")),
        (18, 0, ("0", "0.0")), (40, 0, ("0", "0.0")), (40, 40, ("40", "1.0")),
    ],
    ids=["none of 15", "all of 15", "none of 16", "none of 18", "none of 40", "all of 40"],
)  # fmt: skip
def test_none_or_all_of_a_small_group_is_hidden_and_so_is_its_share(
    tmp_path: Path, people: int, working: int, expected: tuple[str, str]
) -> None:
    part = {**PEOPLE, "name": "working_count", "source": "working", "subset_of": "people_count"}
    rows = values([(JUNE, people, working)], "month", "people", "working")
    with published(tmp_path, {"county": rows}, table("county", MONTH, PEOPLE, part, SHARE)) as con:
        shown = con.execute(
            "select coalesce(working_count_mark, cast(working_count as varchar)), "
            "coalesce(share_ratio_mark, cast(share_ratio as varchar)) from published.county"
        ).fetchone()
    assert shown == expected


def test_nought_of_a_small_group_that_the_county_s_nought_tells_stays_shown(
    tmp_path: Path,
) -> None:
    part = {**PEOPLE, "name": "working_count", "source": "working", "subset_of": "people_count"}
    late = {"name": "late_gbp", "kind": "pounds", "source": "late", "count": "working_count"}
    both = {**TO_COUNTY, "columns": ["people_count", "working_count", "late_gbp"]}
    metrics = {
        "county": values([(JUNE, 66, 0, 0)], "month", "people", "working", "late"),
        "district": values(
            [("A", JUNE, 6, 0, 0), ("B", JUNE, 60, 0, 0)],
            "place", "month", "people", "working", "late",
        ),
    }  # fmt: skip
    tables = (
        table("county", MONTH, PEOPLE, part, late),
        table("district", PLACE, MONTH, PEOPLE, part, late, adds_to=[both]),
    )
    with published(tmp_path, metrics, *tables) as con:
        shown = con.execute(
            "select people_count_mark, working_count, late_gbp from published.district "
            "order by place"
        ).fetchall()
    assert shown == [("c", 0, 0), ("c", 0, 0)]


def test_where_no_choice_of_cells_protects_all_that_hang_together_are_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is refused for it: the audit then finds every cell open."""
    monkeypatch.setattr(choice, "_MOST_ROUNDS", 0)
    choice.further.cache_clear()
    assert parts_and_total(tmp_path, {"a": 3, "b": 40, "c": 20}) == ("c", "c", "c", "c")
    choice.further.cache_clear()


def test_a_total_that_its_parts_do_not_make_is_refused(tmp_path: Path) -> None:
    metrics = {
        "county": values([(JUNE, 20)], "month", "people"),
        "district": values(
            [("a", JUNE, 3), ("b", JUNE, 40), ("c", JUNE, 60)], "place", "month", "people"
        ),
    }
    wanted = r"parts of county\.people_count at 2026-06-01 come to 103, and it is 20; its file says"
    with (
        pytest.raises(DisclosureError, match=wanted),
        published(tmp_path, metrics, COUNTY, DISTRICT),
    ):
        pass


def test_of_a_rough_total_only_a_lone_part_follows(tmp_path: Path) -> None:
    """Parts that a total does not quite hold: a second one is hidden, and nothing contradicts."""
    metrics = {
        "county": values([(JUNE, 101)], "month", "people"),
        "district": values(
            [("a", JUNE, 3), ("b", JUNE, 40), ("c", JUNE, 60)], "place", "month", "people"
        ),
    }
    rough = table("district", PLACE, MONTH, PEOPLE, adds_to=[{**TO_COUNTY, "roughly": True}])
    with published(tmp_path, metrics, COUNTY, rough) as con:
        marks = con.execute("select people_count_mark from published.district").fetchall()
    assert sorted(marks, key=str) == [("c",), ("c",), (None,)]


def test_a_bridge_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DisclosureError, match=r"adds up through seeds.options.council, which is"):
        through = {"table": "options", "part": {"place": "place"},
                   "whole": {"council": "council"}}  # fmt: skip
        council = {"name": "council", "kind": "key", "source": "council"}
        metrics = {
            "council": values([("N", JUNE, 43)], "council", "month", "people"),
            "district": values([("a", JUNE, 3), ("b", JUNE, 40)], "place", "month", "people"),
        }
        told = {**TO_COUNTY, "table": "council", "through": through}
        with published(
            tmp_path,
            metrics,
            table("council", council, MONTH, PEOPLE),
            table("district", PLACE, MONTH, PEOPLE, adds_to=[told]),
        ):
            pass


def test_parts_hidden_for_the_few_that_they_leave_out_are_not_taken_to_be_small(
    tmp_path: Path,
) -> None:
    """Nearly all are told in three districts of four; the fourth and the county stay."""
    told = {"name": "told_count", "kind": "count", "source": "told", "subset_of": "people_count"}
    rows = [("a", 500, 497), ("b", 400, 396), ("c", 300, 295), ("d", 200, 150)]
    metrics = {
        "county": values([(JUNE, 1400, 1338)], "month", "people", "told"),
        "district": values(
            [(place, JUNE, people, some) for place, people, some in rows],
            "place", "month", "people", "told",
        ),
    }  # fmt: skip
    addition = {**TO_COUNTY, "columns": ["people_count", "told_count"]}
    district = table("district", PLACE, MONTH, PEOPLE, told, adds_to=[addition])
    with published(tmp_path, metrics, table("county", MONTH, PEOPLE, told), district) as con:
        shown = con.execute(
            "select told_count from published.district union all "
            "select told_count from published.county"
        ).fetchall()
    assert sorted(shown, key=str) == [(1340,), (150,), (None,), (None,), (None,)]


def test_nought_that_shown_noughts_add_up_to_is_shown(tmp_path: Path) -> None:
    """None of a small county is hidden, unless each of its districts shows that it has none."""
    some = {"name": "few_count", "kind": "count", "source": "few", "subset_of": "people_count"}
    metrics = {
        "county": values([(JUNE, 12, 0)], "month", "people", "few"),
        "district": values([("a", JUNE, 0), ("b", JUNE, 0)], "place", "month", "few"),
    }
    alone = {key: value for key, value in some.items() if key != "subset_of"}
    addition = {**TO_COUNTY, "columns": ["few_count"]}
    district = table("district", PLACE, MONTH, alone, adds_to=[addition])
    with published(tmp_path, metrics, table("county", MONTH, PEOPLE, some), district) as con:
        assert con.execute("select few_count from published.county").fetchone() == (0,)
    without = table("county", MONTH, PEOPLE, some)
    (tmp_path / "alone").mkdir()
    with published(tmp_path / "alone", {"county": metrics["county"]}, without) as con:
        assert con.execute("select few_count_mark from published.county").fetchone() == ("c",)
