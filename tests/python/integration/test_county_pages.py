"""The project's own pages, from the publication of a small built county."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag

import duckdb
import pytest
from built_county import SLUGS, BuiltCounty

from openlsi.report.site import Request, render_site
from openlsi.warehouse.build import published_database

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def site(county: BuiltCounty, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county-site")
    request = Request(
        ROOT / "reports", folder / "site", published_database(county.home), folder / "cache", None
    )
    render_site(request, lambda _place: None)
    return folder / "site"


@pytest.fixture(scope="module")
def published(county: BuiltCounty) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(f"attach '{published_database(county.home)}' as publication (read_only)")
    con.execute("use publication.published")
    return con


def pages(site: Path) -> dict[str, str]:
    found = {
        path.relative_to(site).as_posix(): path.read_text(encoding="utf-8")
        for path in site.rglob("*.html")
    }
    assert len(found) >= 17
    return found


def words(html: str) -> str:
    main = html.split("<main", 1)[1].split("</main>", 1)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_every_district_of_the_county_has_a_page(
    site: Path, published: duckdb.DuckDBPyConnection
) -> None:
    slugs = {row[0] for row in published.execute("select district_slug from districts").fetchall()}
    assert len(slugs) == 12
    assert {f"districts/{slug}/index.html" for slug in slugs} <= set(pages(site))


def test_every_page_says_what_is_made_up_and_what_is_real(site: Path) -> None:
    for name, html in pages(site).items():
        text = words(html)
        assert "Every household, account and award behind these figures is made up." in text, name
        assert re.search(r"Figures marked official are real", text), name


def test_no_page_prints_a_missing_value_as_if_it_were_one(site: Path) -> None:
    for name, html in pages(site).items():
        bad = re.findall(r"\b(?:null|undefined|NaN|Infinity|None|\[object)\b", words(html))
        assert not bad, (name, bad)


def test_a_district_that_has_sent_nothing_says_so(site: Path) -> None:
    text = words((site / "districts/swale/index.html").read_text(encoding="utf-8"))
    assert "No Council Tax Support extract of this district is held" in text
    assert "No council tax extract of this district is held" in text
    # Its official figures are there all the same: Swale forwent £10,009,961 in 2022-23.
    assert "£10,009,961" in text


@pytest.mark.parametrize("slug", SLUGS)
def test_a_districts_page_shows_its_published_figures(
    site: Path, published: duckdb.DuckDBPyConnection, slug: str
) -> None:
    text = words((site / f"districts/{slug}/index.html").read_text(encoding="utf-8"))
    row = published.execute(
        "select district_name, month_label, caseload_count, recognised_fytd_gbp"
        " from district_cts_month where is_latest and district_slug = ?",
        [slug],
    ).fetchone()
    assert row is not None
    name, month, caseload, fytd = row
    assert name in text
    assert f"In {month} , {caseload:,} households" in text.replace(f"{month},", f"{month} ,")
    assert f"£{fytd:,}" in text


def test_the_county_counts_the_districts_it_has(site: Path) -> None:
    assert "in 4 of 12 districts" in words((site / "index.html").read_text(encoding="utf-8"))


def test_the_benchmark_is_the_official_figure_over_the_official_dwellings(site: Path) -> None:
    # Council Taxbase 2022, read off the workbook: Thanet £14,090,102 and 67,275 dwellings.
    text = words((site / "benchmark/index.html").read_text(encoding="utf-8"))
    assert "Highest: Thanet £209.44" in text
    assert re.search(r"Thanet £14,090,102 £209\.44 34 4 5 181 4", text)


class _Addresses(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and values.get("href"):
            self.links.append(str(values["href"]))
        loaded = values.get("src") or (values.get("href") if tag == "link" else None)
        if loaded:
            self.loads.append(loaded)


def test_every_link_leads_to_a_file_and_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for name, html in pages(site).items():
        found = _Addresses()
        found.feed(html)
        assert found.loads
        for address in [*found.loads, *found.links]:
            path = urldefrag(address)[0]
            assert "//" not in path, (name, address)
            target = (site / name).parent / path if path else site / name
            assert target.is_file() or (target / "index.html").is_file(), (name, address)
