"""A county that is not the demo's: other districts, no official workbook, nothing called Kent."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml
from built_county import BuiltCounty

from openlsi.cli.linking import link_landing
from openlsi.config.county import default_file
from openlsi.extract.loading import load
from openlsi.home import Home
from openlsi.report.site import Request, render_site
from openlsi.warehouse.build import build, published_database

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def surrey(county: BuiltCounty, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a built home of Elmbridge, which sends what the demo's Dartford sends."""
    home = Home(tmp_path_factory.mktemp("surrey") / "home")
    home.config.mkdir(parents=True)
    settings = yaml.safe_load(default_file("districts.yml").read_text(encoding="utf-8"))
    (feeds,) = [one["feeds"] for one in settings["districts"] if one["slug"] == "dartford"]
    settings |= {
        "county_code": "E10000030", "county_name": "Surrey", "is_demo": True, "neighbours": [],
        "services": [],
        "districts": [
            {"code": "E07000207", "name": "Elmbridge", "slug": "elmbridge", "feeds": feeds},
            {"code": "E07000208", "name": "Epsom and Ewell", "slug": "epsom-and-ewell",
             "feeds": {"council_tax": "wide_council_tax", "cts": "wide_cts"}},
        ],
    }  # fmt: skip
    (home.config / "districts.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    folder = home.inbox / "elmbridge"
    folder.mkdir(parents=True)
    # The share of Universal Credit names its district inside the file as well.
    sent = (county.home.inbox / "dartford").iterdir()
    for path in (path for path in sent if ".UC." not in path.name):
        name = path.name.replace("Dartford", "Elmbridge").replace("dartford", "elmbridge")
        shutil.copyfile(path, folder / name)
    shutil.copytree(county.home.inbox / "reference", home.inbox / "reference")
    report = load(home)
    assert [str(refusal) for refusal in report.refused] == []
    build(home, links=link_landing(home).folder, today=date(2024, 6, 15))
    return home


def test_it_builds_and_its_pages_are_its_own(surrey: Home, tmp_path: Path) -> None:
    request = Request(
        ROOT / "reports", tmp_path / "site", published_database(surrey), tmp_path / "cache", None
    )
    render_site(request, lambda _place: None)
    site = tmp_path / "site"
    found = {path.parent.name for path in (site / "districts").glob("*/index.html")}
    assert found == {"elmbridge", "epsom-and-ewell"}
    for path in site.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        main = html.split("<main", 1)[1].split("</main>", 1)[0]
        assert not re.search(r"Kent|Medway|Thanet", main), path.relative_to(site)


def test_what_needs_a_workbook_is_marked_and_not_made_up(surrey: Home, tmp_path: Path) -> None:
    request = Request(
        ROOT / "reports", tmp_path / "site", published_database(surrey), tmp_path / "cache", None
    )
    render_site(request, lambda _place: None)

    def text(name: str) -> str:
        html = (tmp_path / "site" / name).read_text(encoding="utf-8")
        return " ".join(re.sub(r"<[^>]+>", " ", html).split())

    assert "No Council Tax levels workbook is loaded" in text("council-tax-support/index.html")
    assert "No Council Taxbase workbook is loaded" in text("benchmark/index.html")
    assert "1 of 2 districts" in text("index.html")
    elmbridge = text("districts/elmbridge/index.html")
    assert "[x]" in elmbridge
    assert "No official return of this district is held" in elmbridge
