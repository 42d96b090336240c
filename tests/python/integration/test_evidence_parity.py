"""The pages of `reports/` say the same in the real Evidence 40.1.8 as in our build of them.

What the real build says is committed (`make evidence`), with the published data it was made of and
a hash of every source. Here our renderer builds the same files on the same data, and both are read
in the same browser: text, single figures and tables as they stand on the page, charts by the
points they draw, the map by what its areas say.
"""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from browsing.devtools import Tab, tab
from openlsi.report.site import Request, render_site
from parity import golden, publication
from parity.comparing import differences, figures, without_figures
from parity.reading import Part, pages_of, read_ours

AGAIN = "run `make evidence` (it needs Node) and look at what it changes"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("parity")


@pytest.fixture(scope="module")
def database(folder: Path) -> Path:
    return publication.restore(golden.PUBLICATION, folder / "publication.duckdb")


@pytest.fixture(scope="module")
def window(folder: Path) -> Iterator[Tab]:
    with tab(folder / "profile") as opened:
        yield opened


@pytest.fixture(scope="module")
def site(folder: Path, database: Path) -> Path:
    return rendered(folder, database, golden.REPORTS, "site")


@pytest.fixture(scope="module")
def theirs() -> dict[str, list[Part]]:
    return golden.read()


@pytest.fixture(scope="module")
def ours(site: Path, window: Tab) -> dict[str, list[Part]]:
    return {address: read_ours(window, site, address) for address in pages_of(site)}


def rendered(folder: Path, database: Path, project: Path, name: str) -> Path:
    """Return our build; one cache for all, so that a second renders only what differs."""
    render_site(Request(project, folder / name, database, folder / "cache"), lambda _place: None)
    return folder / name


def test_the_real_build_was_made_of_the_sources_as_they_are() -> None:
    changed = golden.stale(golden.made_of(), golden.sources())
    assert changed == [], f"changed since the real build was made: {AGAIN}"


def test_both_builds_have_the_same_pages(
    theirs: dict[str, list[Part]], ours: dict[str, list[Part]]
) -> None:
    assert len(theirs) >= 27
    assert sorted(theirs) == sorted(ours)


def test_no_page_is_without_figures(
    theirs: dict[str, list[Part]], ours: dict[str, list[Part]]
) -> None:
    assert without_figures(theirs) == []
    assert without_figures(ours) == []


def test_every_kind_of_figure_is_read_off_the_real_build(theirs: dict[str, list[Part]]) -> None:
    parts = [part for page in theirs.values() for part in page]
    counts = {kind: sum(kind in part for part in parts) for kind in ("value", "table", "chart")}
    assert counts["value"] > 100 and counts["table"] > 50 and counts["chart"] > 50, counts
    assert sum("map" in part for part in parts) == 1
    rows = [row for part in parts for row in part.get("rows", [])]
    assert len(rows) > 800
    points = [
        point for part in parts for series in part.get("series", {}).values() for point in series
    ]
    assert sum(y is not None for _, y in points) > 1000


def test_every_page_says_the_same_in_both_builds(
    theirs: dict[str, list[Part]], ours: dict[str, list[Part]], site: Path
) -> None:
    found = {
        address: lines
        for address, parts in theirs.items()
        if (lines := differences(parts, ours.get(address, []), site / address))
    }
    assert found == {}, f"our build says otherwise than the real one; or {AGAIN}"


def _first(parts: list[Part], kind: str, has: Callable[[Part], bool] = bool) -> Part:
    return next(part for part in parts if kind in part and has(part))


def _a_value(parts: list[Part]) -> None:
    _first(parts, "value")["shown"][0] = "1,234,567"


def _a_cell(parts: list[Part]) -> None:
    _first(parts, "table")["rows"][-1][-1] = "9.9%"


def _a_row(parts: list[Part]) -> None:
    _first(parts, "table")["rows"].append(["Elsewhere", "1"])


def _a_sentence(parts: list[Part]) -> None:
    part = _first(parts, "text", lambda one: bool(figures([one])))
    part["text"] = part["text"].replace("2", "3")


def _a_point(parts: list[Part]) -> None:
    series = _first(parts, "chart")["series"]
    next(point for points in series.values() for point in points if point[1])[1] += 1


def _an_area(parts: list[Part]) -> None:
    _first(parts, "map")["areas"][0][-1] = "99.9%"


def _a_part(parts: list[Part]) -> None:
    parts.remove(_first(parts, "table"))


@pytest.mark.parametrize(
    "change", [_a_value, _a_cell, _a_row, _a_sentence, _a_point, _an_area, _a_part]
)
def test_a_planted_difference_is_found(
    theirs: dict[str, list[Part]],
    ours: dict[str, list[Part]],
    site: Path,
    change: Callable[[list[Part]], Any],
) -> None:
    # The page with all kinds of parts.
    parts = copy.deepcopy(theirs["living-standards"])
    change(parts)
    found = differences(parts, ours["living-standards"], site / "living-standards")
    # A sentence that is another one is missing on one side and new on the other.
    assert len(found) == (2 if change is _a_sentence else 1), found


def test_a_page_that_lost_its_figures_is_found(theirs: dict[str, list[Part]]) -> None:
    words_only = [{"text": "No figure stands here."}]
    assert without_figures({**theirs, "arrears": [], "take-up": words_only}) == [
        "arrears",
        "take-up",
    ]


def test_a_changed_page_is_stale_and_says_otherwise(
    folder: Path, database: Path, site: Path, window: Tab, theirs: dict[str, list[Part]]
) -> None:
    project = folder / "reports"
    shutil.copytree(golden.REPORTS, project)
    page = project / "pages" / "index.md"
    text = page.read_text(encoding="utf-8")
    changed = text.replace(
        "column=recognised_gbp fmt=gbp0 />", "column=recognised_gbp fmt=gbp1k />"
    )
    assert changed != text
    page.write_text(changed, encoding="utf-8")
    assert golden.stale(golden.made_of(), golden.sources(project)) == ["reports/pages/index.md"]
    rendered(folder, database, project, "changed")
    read = read_ours(window, folder / "changed", "")
    found = differences(theirs[""], read, folder / "changed")
    assert [line.split(":")[0] for line in found] == ["only in Evidence", "only in ours"]


def test_other_data_says_otherwise(
    folder: Path, database: Path, window: Tab, site: Path, theirs: dict[str, list[Part]]
) -> None:
    other = folder / "other.duckdb"
    shutil.copyfile(database, other)
    with duckdb.connect(str(other)) as con:
        con.execute(
            "update published.county_cts_month set caseload_count = caseload_count + 5"
            " where is_latest"
        )
    rendered(folder, other, golden.REPORTS, "other")
    found = differences(theirs[""], read_ours(window, folder / "other", ""), folder / "other")
    assert any("Households with CTS" in line for line in found)
