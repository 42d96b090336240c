"""Made-up pages with every component: axe-core finds nothing, the keyboard reaches everything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from charts_project import render_gallery
from small_project import make_project, render
from test_report_in_browser import BAD, PAGE, SQL

from browsing.accessibility import audit, violations
from browsing.devtools import Tab, tab

FAULTY = """<!DOCTYPE html><html lang="en"><head><title>Faulty</title></head><body>
<main><h1>Faulty</h1><p><img src="data:," width="9" height="9"></p>
<details><summary>More</summary><p class="pale">Pale</p></details></main>
<style>.pale { color: #767676; } @media (prefers-color-scheme: dark) {
  body { background: #15191c; color: #ffffff; } .pale { color: #484949; }
}</style></body></html>"""


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with tab(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("accessible")
    pages = {"pages/index.md": PAGE, "pages/bad/index.md": BAD}
    render(make_project(folder / "p", pages, SQL), folder / "site")
    return folder / "site"


def test_axe_finds_nothing_on_a_page_of_every_component(site: Path, window: Tab) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) == 4
    assert audit(window, site, pages) == {}


def test_axe_finds_nothing_on_a_page_of_every_chart(tmp_path: Path, window: Tab) -> None:
    gallery = render_gallery(tmp_path)
    assert audit(window, gallery.site, [gallery.site / "index.html"]) == {}


def test_axe_does_find_what_is_wrong_folded_or_in_the_dark(tmp_path: Path, window: Tab) -> None:
    page = tmp_path / "faulty.html"
    page.write_text(FAULTY)
    found = violations(window, page)
    views = {line.partition(": ")[0] for line in found if "image-alt" in line}
    assert views == {"as it opens", "unfolded, 320 px"}
    assert [line.split(": ")[:2] for line in found if "color-contrast" in line] == [
        ["unfolded, dark", "color-contrast"]
    ]
