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
from browsing.keyboard import walk

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


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return render_gallery(tmp_path_factory.mktemp("charts")).site


def test_axe_finds_nothing_on_a_page_of_every_component(site: Path, window: Tab) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) == 4
    assert audit(window, site, pages) == {}


def test_axe_finds_nothing_on_a_page_of_every_chart(charts: Path, window: Tab) -> None:
    assert audit(window, charts, [charts / "index.html"]) == {}


def test_axe_does_find_what_is_wrong_folded_or_in_the_dark(tmp_path: Path, window: Tab) -> None:
    page = tmp_path / "faulty.html"
    page.write_text(FAULTY)
    found = violations(window, page)
    views = {line.partition(": ")[0] for line in found if "image-alt" in line}
    assert views == {"as it opens", "unfolded, 320 px"}
    assert [line.split(": ")[:2] for line in found if "color-contrast" in line] == [
        ["unfolded, dark", "color-contrast"]
    ]


@pytest.mark.parametrize("width", [1280, 320])
def test_tab_reaches_everything_in_order_and_shows_where_it_is(
    site: Path, charts: Path, window: Tab, width: int
) -> None:
    least = {site / "index.html": 40, site / "bad/index.html": 15, charts / "index.html": 40}
    for page, count in least.items():
        walked = walk(window, page, width)
        assert len(walked.stops) >= count, page
        assert (walked.unseen, walked.unreached, walked.is_in_order) == ((), (), True), page


def test_a_walk_tells_of_what_is_out_of_order_unseen_or_not_reached(
    tmp_path: Path, window: Tab
) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        """<!DOCTYPE html><title>T</title><style>
        a:focus { outline: 3px solid; } #b:focus { outline: none; }</style>
        <a id="a" href="#">1</a> <button id="b">2</button> <a id="c" href="#" tabindex="1">3</a>
        <button id="d">4</button><script>
        d.addEventListener("focus", function () { d.blur(); });</script>"""
    )
    walked = walk(window, page)
    assert walked.stops == (2, 0, 1) and not walked.is_in_order
    assert (walked.unseen, walked.unreached) == (("button b",), ("button d",))


def test_a_page_that_holds_the_focus_fast_is_found(tmp_path: Path, window: Tab) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        """<!DOCTYPE html><title>T</title><button id="a">1</button><button id="b">2</button>
        <button id="c">3</button><script>
        c.addEventListener("keydown", function (e) { e.preventDefault(); b.focus(); });</script>"""
    )
    with pytest.raises(AssertionError, match="comes back to 'button b'"):
        walk(window, page)


def test_what_is_pressed_by_key_answers_and_gives_the_focus_back(site: Path, window: Tab) -> None:
    window.open((site / "index.html").as_uri())
    window.run("document.querySelector('.modal-box > button').focus()")
    window.key("Enter")
    is_open = "return document.querySelector('dialog').open"
    assert window.run(is_open) is True
    window.key("Escape")
    opener = "return document.activeElement === document.querySelector('.modal-box > button')"
    assert (window.run(is_open), window.run(opener)) == (False, True)
    window.run("document.querySelector('#every-area .sort').focus()")
    window.key("Space")
    sorted_now = "return document.querySelector('#every-area [aria-sort=ascending]').textContent"
    assert "Name" in window.run(sorted_now)
    window.run("document.querySelector('details.chart-data > summary').focus()")
    window.key("Enter")
    assert window.run("return document.querySelector('details.chart-data').open") is True
