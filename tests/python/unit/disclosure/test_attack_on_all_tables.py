"""One program over all published tables of a small county: months, re-rolls and flows included.

No hidden count may be open to fewer than three values, no hidden pounds be known to a tenth, and
none follow from the others. With the protection weakened in any of its links, something is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from program_attacker import ProgramAttacker, Told
from whole_county import SIZES, TABLES, released

from openlsi.disclosure import choice, component, protect, publishing, rules
from openlsi.disclosure.opening import Question

COUNTIES = ["small", "at the threshold"]


def attack(con: duckdb.DuckDBPyConnection) -> ProgramAttacker:
    reader = ProgramAttacker()
    reader.read(con)
    return reader


@pytest.fixture(scope="module", params=COUNTIES)
def county(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    with released(tmp_path_factory.mktemp("county"), request.param) as con:
        yield con


def test_nothing_hidden_is_told_by_all_tables_together(county: duckdb.DuckDBPyConnection) -> None:
    reader = attack(county)
    assert reader.attack() == []
    # Nor is that because there was nothing to find, or nothing left to see.
    assert len(reader.hidden) > 30
    assert len(reader.cells) - len(reader.hidden) > 100
    headlines = county.execute(
        "select count(*) from published.county where people_count is not null"
    ).fetchone()
    assert headlines == (4,)


EXACT = {
    "district": "people", "council": "people", "county_age": "people", "district_age": "people",
    "county_class": "people", "flow": "people",
}  # fmt: skip


def test_the_attacker_s_bounds_hold_the_truth(county: duckdb.DuckDBPyConnection) -> None:
    """An attacker who is wrong about what is not hidden proves nothing by finding nothing."""
    reader = attack(county)
    told = reader.between()
    seen = 0
    for table in EXACT:
        keys = [cell for cell in told if cell[0] == table and cell[1] == "people_count"]
        names = [column[0] for column in county.execute(
            f"select * from published.{table} limit 0").description or []]  # fmt: skip
        for cell in keys:
            where = " and ".join(f'"{name}" = ?' for name in names[: len(cell) - 2])
            (people,) = county.execute(
                f"select people from metrics.{table} where {where}", list(cell[2:])
            ).fetchone() or (0,)
            low, high = told[cell]
            assert low - 1e-6 <= people <= high + 1e-6, cell
            seen += 1
    assert seen > 15


PLANTED = """
select 'C' as place, cast(month as date) as month, 'planted' || i as household, 'pension' as age,
    true as on_uc, 'crisis' as class, 300 as spent
from generate_series(date '2026-04-01', date '2026-06-01', interval 1 month) as months(month)
cross join unnest(range(1, 4)) as planted(i)
"""


def test_a_small_group_that_is_planted_is_told_by_no_table(tmp_path: Path) -> None:
    """Three pensioners come to district C in April: whichever table counts them, alone or by what
    is left without them, leaves their number open."""
    with released(tmp_path / "with", "small", PLANTED) as con:
        reader = attack(con)
        told = reader.between()
        assert reader.attack() == []
        # Every cell made of them alone, and every cell of those around them, by table.
        alone = con.execute(
            "select place, month, age, people from metrics.district_age where place = 'C' and "
            "age = 'pension' and month >= date '2026-04-01' order by month"
        ).fetchall()
        new = con.execute(
            "select people, people_count, people_count_mark from metrics.flow join published.flow "
            "using (month, class_before, class) where class_before = 'new' and class = 'crisis' "
            "and month = date '2026-04-01'"
        ).fetchall()
        assert len(alone) == 3
        for place, month, age, people in alone:
            cell = ("district_age", "people_count", place, month, age)
            if people < 10:
                low, high = told[cell]
                assert high - low >= 2
        for people, shown, mark in new:
            assert (mark == "c") == (people < 10) or shown is None
        _none_by_difference(con)


def _none_by_difference(con: duckdb.DuckDBPyConnection) -> None:
    """Check that no shown total less its shown parts leaves the planted ones alone."""
    for total, part, alike in (
        ("district", "district_age", "place, month"),
        ("county_age", "district_age", "month, age"),
        ("county", "district", "month"),
    ):
        lone = con.execute(
            f"select count(*) from (select {alike} from published.{part} as part "
            f"join published.{total} as total using ({alike}) where total.people_count is not null "
            f"group by {alike} having count(*) filter (where part.people_count_mark = 'c') = 1)"
        ).fetchone()
        assert lone == (0,), (total, part)


def without(table: str, *totals: str) -> dict[str, dict[str, Any]]:
    """Return the tables as if nobody had thought of one of the links between them."""
    tables = deepcopy(TABLES)
    told = tables[table]["adds_to"]
    tables[table]["adds_to"] = [one for one in told if one["table"] not in totals]
    assert len(tables[table]["adds_to"]) < len(told)
    return tables


def without_moves() -> dict[str, dict[str, Any]]:
    tables = deepcopy(TABLES)
    tables["flow"]["adds_to"] = [one for one in TABLES["flow"]["adds_to"]
                                 if not one.get("months_before")]  # fmt: skip
    return tables


def without_years() -> dict[str, dict[str, Any]]:
    tables = deepcopy(TABLES)
    for name in ("county", "district"):
        for column in tables[name]["columns"]:
            column.pop("runs_up", None)
    return tables


WEAKENED = {
    "new councils are forgotten": without("district", "council"),
    "districts of the county are forgotten": without("district", "county", "council"),
    "ages are forgotten": without("district_age", "district"),
    "ages of the county are forgotten": without("district_age", "county_age"),
    "classes of the month before are forgotten": without_moves(),
    "years to date are forgotten": without_years(),
}


def found_with(folder: Path, monkeypatch: pytest.MonkeyPatch, tables: Any = TABLES) -> list[Told]:
    monkeypatch.setattr(publishing, "_refuse_leaks", lambda *_: None)
    found: list[Told] = []
    # What was chosen for a county before must not stand in for what a weakened choice would be.
    choice.further.cache_clear()
    try:
        for name in SIZES:
            with released(folder / name, name, tables=tables) as con:
                found += attack(con).attack()
    finally:
        choice.further.cache_clear()
    return found


@pytest.mark.parametrize("weakness", WEAKENED, ids=lambda weakness: weakness.replace(" ", "_"))
def test_a_forgotten_link_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, weakness: str
) -> None:
    assert found_with(tmp_path, monkeypatch, WEAKENED[weakness])


def test_it_is_found_when_nothing_more_is_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protect, "hide_more", lambda *_: 0)
    assert len(found_with(tmp_path, monkeypatch)) > 20


@pytest.mark.parametrize(
    ("asked", "how"),
    [("_structure", "adding and taking away"), ("_values", "a program over all tables")],
)
def test_it_is_found_when_either_way_of_working_out_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str, how: str
) -> None:
    """Rounding is not trusted to protect a lone cell, nor a second cell to be wide enough."""
    whole = getattr(component.Component, asked)

    def asks_nothing(self: component.Component, *most: Any) -> Question:
        return replace(whole(self, *most), wanted=())

    monkeypatch.setattr(component.Component, asked, asks_nothing)
    assert how in {one.how for one in found_with(tmp_path, monkeypatch)}


def test_it_is_found_when_the_threshold_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weak = replace(rules._EDITIONS["county"], threshold=3)
    monkeypatch.setitem(rules._EDITIONS, "county", weak)
    monkeypatch.setattr(publishing, "_refuse_leaks", lambda *_: None)
    with released(tmp_path, "small") as con:
        shown = con.execute(
            "select count(*) from published.district_age where people_count between 1 and 9"
        ).fetchone()
    assert shown
    assert shown[0] > 0
