"""Three editions: the public's and the county's controlled alike, a district's own exact."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hand_made import JUNE, MONTH, PEOPLE, PLACE, POUNDS, TO_COUNTY, published, table, values

from openlsi.disclosure.spec import DisclosureError

METRICS = {
    "county": values([(JUNE, 1237, 61503)], "month", "people", "spent"),
    "district": values(
        [("A", JUNE, 7, 1503), ("B", JUNE, 1230, 60000)], "place", "month", "people", "spent"
    ),
}
TABLES = (
    table("county", MONTH, PEOPLE, POUNDS),
    table("district", PLACE, MONTH, PEOPLE, POUNDS, owner="place", adds_to=[TO_COUNTY]),
)


def shown(folder: Path, edition: str, owner: str | None = None) -> dict[str, Any]:
    with published(folder, METRICS, *TABLES, edition=edition, owner=owner) as con:
        names = con.execute(
            "select table_name from information_schema.tables where table_schema = 'published'"
        ).fetchall()
        districts = con.execute(
            "select place, people_count, spent_gbp, people_count_mark, release_note "
            "from published.district order by place"
        ).fetchall()
        edition_told = con.execute("select edition from metrics.run_parameters").fetchone()
    assert edition_told == (edition,)
    return {"tables": {name for (name,) in names}, "districts": districts}


@pytest.mark.parametrize("edition", ["public", "county"])
def test_the_public_and_the_county_see_controlled_figures(tmp_path: Path, edition: str) -> None:
    told = shown(tmp_path, edition)
    assert told["tables"] == {"county", "district"}
    assert [row[:4] for row in told["districts"]] == [
        ("A", None, None, "c"),
        ("B", None, None, "c"),
    ]
    assert "rounded to 5" in told["districts"][0][4]


def test_a_district_sees_its_own_exact_aggregates_and_nobody_else_s(tmp_path: Path) -> None:
    told = shown(tmp_path, "district", "A")
    assert told["tables"] == {"district"}
    assert [row[:4] for row in told["districts"]] == [("A", 7, 1503, None)]


def test_the_note_of_exact_figures_does_not_say_that_they_are_rounded(tmp_path: Path) -> None:
    note = shown(tmp_path, "district", "A")["districts"][0][4]
    assert "rounded" not in note
    assert "not to publish" in note


@pytest.mark.parametrize(
    ("edition", "owner", "message"),
    [
        ("district", None, "the district edition needs a district code"),
        ("county", "A", "the county edition takes no district code"),
        ("parish", None, "no edition called 'parish'; there are county, district, public"),
    ],
)
def test_an_edition_asked_for_wrongly_is_refused(
    tmp_path: Path, edition: str, owner: str | None, message: str
) -> None:
    with pytest.raises(DisclosureError, match=message):
        shown(tmp_path, edition, owner)
