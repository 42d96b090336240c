"""Every table of two or three parts up to a bound, published; what fits each of the publications?

The strongest reader there is: one who has the program, runs it over all tables that could be, and
keeps those that come out like the one published. Each hidden count, and each shown one that is not
nought, must leave such a reader at least three values.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hand_made import MONTH, PEOPLE, PLACE, TO_COUNTY, table, write_files

from openlsi.disclosure import component, protect, publishing
from openlsi.disclosure.figures import Figures
from openlsi.disclosure.lattice import Lattice
from openlsi.disclosure.publishing import publish_tables

World = tuple[int, ...]
TABLES = (
    table("county", MONTH, PEOPLE),
    table("district", PLACE, MONTH, PEOPLE, adds_to=[TO_COUNTY]),
)


def publications(folder: Path, parts: int, most: int) -> dict[World, tuple[str, ...]]:
    """Publish each world as a month of its own; return world → what is shown of parts and total."""
    worlds = list(product(range(most + 1), repeat=parts))
    first = date(1000, 1, 1)
    shown: dict[World, dict[int, str]] = defaultdict(dict)
    with duckdb.connect() as con:
        con.execute("create schema metrics")
        con.execute("create temp table worlds (month date, " + _numbered("people", parts) + ")")
        con.executemany(
            f"insert into worlds values ({', '.join('?' * (parts + 1))})",
            [(first + timedelta(number), *world) for number, world in enumerate(worlds)],
        )
        con.execute(
            "create table metrics.district as "
            + " union all ".join(
                f"select 'P{part}' as place, month, people_{part} as people from worlds"
                for part in range(parts)
            )
        )
        con.execute(
            "create table metrics.county as "
            "select month, cast(sum(people) as bigint) as people from metrics.district group by all"
        )
        publish_tables(con, write_files(folder, *TABLES), "public", {"build_id": "b1"})
        for query in (
            "select month, cast(right(place, 1) as integer), people_count, people_count_mark "
            "from published.district",
            f"select month, {parts}, people_count, people_count_mark from published.county",
        ):
            for month, part, count, mark in con.execute(query).fetchall():
                shown[worlds[(month - first).days]][part] = mark or str(count)
    return {world: tuple(told[part] for part in range(parts + 1)) for world, told in shown.items()}


def _numbered(name: str, parts: int) -> str:
    return ", ".join(f"{name}_{part} integer" for part in range(parts))


def worked_out(published: dict[World, tuple[str, ...]], most: int) -> list[Any]:
    """Return publications with a cell that fewer than three values fit.

    Worlds near the bound are left out: others like them lie beyond it.
    """
    fitting: dict[tuple[str, ...], list[World]] = defaultdict(list)
    for world, shown in published.items():
        fitting[shown].append(world)
    found = []
    for shown, worlds in fitting.items():
        if any(max(world) > most - 5 for world in worlds):
            continue
        for part, told in enumerate(shown):
            values = {(*world, sum(world))[part] for world in worlds}
            if told != "0" and len(values) < 3:
                found.append((shown, part, sorted(values)))
    return found


SIZES = [(2, 45), (3, 24)]


@pytest.mark.parametrize(("parts", "most"), SIZES)
def test_no_hidden_count_of_any_small_table_can_be_worked_out(
    tmp_path: Path, parts: int, most: int
) -> None:
    published = publications(tmp_path, parts, most)
    assert len(published) == (most + 1) ** parts
    assert sum("c" in shown for shown in published.values()) > 500
    hidden = [one for one in worked_out(published, most) if one[0][one[1]] == "c"]
    assert hidden == []


def hiding_nothing_more(*_: object) -> int:
    return 0


def test_it_is_found_when_secondary_suppression_is_turned_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protect, "hide_more", hiding_nothing_more)
    monkeypatch.setattr(publishing, "_refuse_leaks", lambda *_: None)
    found = worked_out(publications(tmp_path, 2, 45), 45)
    assert (("10", "c", "10"), 1, [1, 2]) in found
    assert any(shown[part] == "c" and len(values) == 1 for shown, part, values in found)


def test_it_is_found_when_the_smallest_other_part_is_always_the_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Common practice, and unsafe: of (9, 12, 12) the second is known to be at most the third."""

    def by_size(figures: Figures, _: Lattice, number: int, rank: float) -> float:
        cell = figures.cells[number]
        return (1 if cell.table == "district" else 1000) + (cell.shown or 0) + rank / 10

    monkeypatch.setattr(component, "_cost", by_size)
    published = publications(tmp_path, 3, 24)
    found = [shown for shown, part, _ in worked_out(published, 24) if shown[part] == "c"]
    assert ("c", "c", "10", "35") in found
