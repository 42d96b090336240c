"""The project's own pages, from the publication of a small built county."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

import duckdb
import pytest
from built_county import SLUGS, BuiltCounty

from browsing.accessibility import audit
from browsing.devtools import Tab, tab
from browsing.keyboard import walk
from openlsi.report.site import Request, render_site
from openlsi.warehouse.build import published_database

ROOT = Path(__file__).resolve().parents[3]


def rendered(folder: Path, database: Path) -> Path:
    """Return the site of the project's pages over a publication."""
    request = Request(ROOT / "reports", folder / "site", database, folder / "cache", None)
    render_site(request, lambda _place: None)
    return folder / "site"


@pytest.fixture(scope="module")
def site(county: BuiltCounty) -> Path:
    return county.home.site


@pytest.fixture(scope="module")
def published(county: BuiltCounty) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(f"attach '{published_database(county.home)}' as publication (read_only)")
    con.execute("use publication.published")
    return con


def every_page(site: Path) -> dict[str, str]:
    found = {
        path.relative_to(site).as_posix(): path.read_text(encoding="utf-8")
        for path in site.rglob("*.html")
    }
    assert len(found) >= 17
    return found


def pages(site: Path) -> dict[str, str]:
    """Return the pages with figures: all but dbt's documentation, which has none."""
    return {name: html for name, html in every_page(site).items() if not name.startswith("dbt/")}


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
        # SQL may say null; a figure may not.
        told = words(re.sub(r"<(pre|code)>.*?</\1>", "", html, flags=re.DOTALL))
        bad = re.findall(r"\b(?:null|undefined|NaN|Infinity|None|\[object)\b", told)
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


WARD_TABLES = ("cts_month", "cts_age_month", "living_standards_month", "council_tax_month",
               "entitlement_month")  # fmt: skip


def test_a_ward_above_the_threshold_has_its_page_with_district_and_county_beside(
    county: BuiltCounty, tmp_path: Path
) -> None:
    """The small county's wards are all below it: the other homes of a district stand in for one."""
    database = tmp_path / "publication.duckdb"
    shutil.copyfile(published_database(county.home), database)
    with duckdb.connect(str(database)) as con:
        for table in WARD_TABLES:
            con.execute(
                f"insert into published.ward_{table} select * replace ('E05000001' as ward_key,"
                " 'E05000001' as ward_code, 'Made-up Green' as ward_name)"
                f" from published.ward_{table} where ward_key = 'others in E07000105'"
            )
        caseload = con.execute(
            "select caseload_count from published.ward_cts_month"
            " where ward_code = 'E05000001' and is_latest"
        ).fetchone()
    site = rendered(tmp_path, database)
    folders = {path.name for path in (site / "areas").iterdir() if path.is_dir()}
    assert folders == {"E05000001"}
    assert "Made-up Green Ashford E05000001" in words(
        (site / "areas/index.html").read_text(encoding="utf-8")
    )
    text = words((site / "areas/E05000001/index.html").read_text(encoding="utf-8"))
    assert caseload is not None and f"Made-up Green {caseload[0]} " in text
    assert "Kent, 4 of 12 districts" in text
    district = words((site / "districts/ashford/index.html").read_text(encoding="utf-8"))
    assert "at least 100 households. Smaller wards have none, 39 of them here," in district
    other = words((site / "districts/dartford/index.html").read_text(encoding="utf-8"))
    assert "No ward of this district is shown by itself" in other


def test_new_councils_say_who_is_missing_and_what_has_no_boundaries(
    site: Path, published: duckdb.DuckDBPyConnection
) -> None:
    html = (site / "reorganisation/index.html").read_text(encoding="utf-8")
    text = words(html)
    assert "Options 4d and 5a draw new lines through districts" in text.replace("  ", " ")
    told = published.execute(
        "select caseload_count from new_council_cts_month"
        " where is_latest and place_key = '3a North Kent'"
    ).fetchone()
    assert told is not None
    row = next(
        row
        for row in rows_of(html, "Households and pounds by new council")
        if row.startswith("3a North Kent (excluding Medway)")
    )
    assert f"1 of 3 districts {told[0]} " in row


def rows_of(html: str, title: str) -> list[str]:
    """Return the rows, in words, of the table with a title."""
    tables = [one.split("</table>", 1)[0] for one in html.split("<table")[1:]]
    (table,) = [one for one in tables if title in one.split("<tbody>", 1)[0]]
    body = table.split("<tbody>", 1)[1].split("</tbody>", 1)[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("</tr>")]


@pytest.mark.parametrize(
    "title",
    [
        "Extracts in force",
        "Rows set aside over all months in force",
        "People whom a further record knows",
    ],
)
def test_the_school_census_stands_beside_the_districts_in_the_quality_of_the_data(
    site: Path, title: str
) -> None:
    html = (site / "data-quality/index.html").read_text(encoding="utf-8")
    beginnings = [" ".join(row.split()[:2]) for row in rows_of(html, title)]
    assert {"Kent education", "Ashford Council"} <= set(beginnings)


def test_the_newer_feeds_show_their_published_figures(
    site: Path, published: duckdb.DuckDBPyConnection
) -> None:
    told = {
        "housing-benefit-and-universal-credit": [
            "select month_label, household_count from county_uc_month where is_latest",
            "select month_label, caseload_count from county_housing_benefit_month where is_latest",
        ],
        "discretionary-awards-and-school-meals": [
            "select month_label, award_count from county_discretionary_month where is_latest",
            "select month_label, entitled_count from county_free_school_meals where is_latest",
        ],
    }
    for page, queries in told.items():
        text = words((site / page / "index.html").read_text(encoding="utf-8"))
        for query in queries:
            month, count = published.execute(query).fetchone() or (None, None)
            shown = "[c]" if count is None else f"{count:,}"
            assert re.search(rf"In {month} ?, {re.escape(shown)} ", text), (page, month, shown)


def test_a_figure_of_a_newer_feed_that_is_small_is_hidden_on_its_page(site: Path) -> None:
    html = (site / "discretionary-awards-and-school-meals/index.html").read_text(encoding="utf-8")
    rows = rows_of(html, "Discretionary awards by district")
    assert "Ashford [c] [c] [c]" in rows
    assert "Swale [x] [x] [x]" in rows


def test_the_front_page_says_who_is_missing_where_a_change_is_not_given(site: Path) -> None:
    text = words((site / "index.html").read_text(encoding="utf-8"))
    assert "[x] stands for a change that is not given" in text
    assert "No extract at all is held of Canterbury, Dover, Gravesham," in text
    assert "has sent no extract" not in text


def test_the_front_page_names_a_late_district_and_a_month_between(
    county: BuiltCounty, tmp_path: Path
) -> None:
    database = tmp_path / "publication.duckdb"
    shutil.copyfile(published_database(county.home), database)
    with duckdb.connect(str(database)) as con:
        con.execute("use published")
        con.execute(
            "update coverage set last_month = date '2024-04-01', last_month_label = 'April 2024'"
            " where feed = 'cts' and district_slug = 'ashford'"
        )
        con.execute(
            "delete from coverage_month where feed = 'council_tax' and month = date '2024-03-01'"
            " and district_slug = 'dartford'"
        )
    text = words((rendered(tmp_path, database) / "index.html").read_text(encoding="utf-8"))
    assert "Ashford has sent no extract of Council Tax Support after April 2024." in text
    assert "Dartford has sent no extract of Council tax for March 2024." in text
    assert text.count("has sent no extract") == 2


def choices_of(site: Path, page: str) -> str:
    """Return the words of the page that shows every choice of a page's inputs."""
    return words((site / page / "every-choice.html").read_text(encoding="utf-8"))


def test_a_districts_page_ranks_it_among_each_set_of_peers(
    site: Path, published: duckdb.DuckDBPyConnection
) -> None:
    told = published.execute(
        "select set_name, per_dwelling_rank, per_dwelling_of, per_dwelling_median from"
        " official_peers where district_slug = 'ashford' and not is_peer order by set_order"
    ).fetchall()
    assert len(told) == 6
    every = choices_of(site, "districts/ashford").replace(" ,", ",")
    for name, rank, of, median in told:
        assert f"Held against {name}, it has rank {rank} of {of}," in every
        assert f"Their median is £{median:,.2f}." in every
    # Without scripts the first of them stands, with a way to the others.
    html = (site / "districts/ashford/index.html").read_text(encoding="utf-8")
    assert f"it has rank {told[0][1]} of {told[0][2]}," in words(html)
    assert 'href="every-choice.html"' in html
    peers = published.execute(
        "select peer_name, peer_distance from official_peers where district_slug = 'ashford'"
        " and peer_set = 'nearest' order by peer_distance"
    ).fetchall()
    rows = rows_of(html, "The peers and what they are alike in")
    assert len([row for row in rows if row]) == len(peers) == 16
    nearest, distance = peers[0]
    (row,) = [row for row in rows if row.startswith(nearest)]
    assert f"{distance:.2f}" in row
    (own,) = [row for row in rows if row.startswith("Ashford")]
    assert "[z]" in own


def test_the_benchmark_holds_each_authority_against_the_median_of_each_set_of_peers(
    site: Path, published: duckdb.DuckDBPyConnection
) -> None:
    every = choices_of(site, "benchmark")
    told = published.execute(
        "select authority_name, cts_forgone_per_dwelling_gbp, per_dwelling_median,"
        " per_dwelling_rank, per_dwelling_of, per_dwelling_quartile from official_peers"
        " where not is_peer"
    ).fetchall()
    assert len(told) == 13 * 6
    for name, cost, median, rank, of, quartile in told:
        assert f"{name} £{cost:,.2f} £{median:,.2f} {rank} {of} {quartile}" in every


def test_the_funnel_shows_each_districts_share_and_who_lies_outside(
    site: Path, published: duckdb.DuckDBPyConnection, county: BuiltCounty, tmp_path: Path
) -> None:
    html = (site / "benchmark/index.html").read_text(encoding="utf-8")
    text = words(html)
    told = published.execute(
        "select district_name, month_label, caseload_count, chargeable_dwelling_count,"
        " caseload_funnel_low_95_ratio, caseload_funnel_high_95_ratio, caseload_funnel_standing"
        " from district_cts_month where is_latest"
    ).fetchall()
    assert len(told) == len(SLUGS)
    title = f"Households with support and the limits, {told[0][1]}"
    rows = rows_of(html, title)
    for name, _month, caseload, dwellings, low, high, standing in told:
        (row,) = [row for row in rows if row.startswith(name)]
        limits = " ".join(
            f"{shown.quantize(Decimal('0.1'), ROUND_HALF_UP)}%"
            for shown in (Decimal(str(low)) * 100, Decimal(str(high)) * 100)
        )
        assert f"{caseload} {dwellings:,} " in row
        assert limits in row and row.endswith(standing)
    assert {row[-1] for row in told} == {"within the limits"}
    assert "No district lies outside the limits" in text
    # One that does is named.
    database = tmp_path / "publication.duckdb"
    shutil.copyfile(published_database(county.home), database)
    with duckdb.connect(str(database)) as con:
        con.execute(
            "update published.district_cts_month set caseload_funnel_standing ="
            " 'above the outer limit' where is_latest and district_slug = 'dartford'"
        )
    changed = words(
        (rendered(tmp_path, database) / "benchmark/index.html").read_text(encoding="utf-8")
    )
    assert "Dartford lies above the outer limit, with support in 0.3% of its dwellings" in changed
    assert "No district lies outside" not in changed


def test_the_benchmark_is_the_official_figure_over_the_official_dwellings(site: Path) -> None:
    # Council Taxbase 2022, read off the workbook: Thanet £14,090,102 and 67,275 dwellings.
    text = words((site / "benchmark/index.html").read_text(encoding="utf-8"))
    assert "Highest: Thanet £209.44" in text
    assert re.search(r"Thanet £14,090,102 £209\.44 34 4 5 181 4", text)


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with tab(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def test_axe_finds_nothing_on_any_page(site: Path, window: Tab) -> None:
    assert audit(window, site, sorted(site.rglob("*.html"))) == {}


@pytest.mark.parametrize(
    "page", ["index.html", "benchmark/index.html", "districts/ashford/index.html"]
)
def test_tab_reaches_all_of_a_page_in_order(site: Path, window: Tab, page: str) -> None:
    walked = walk(window, site / page)
    assert len(walked.stops) > 40
    assert (walked.unseen, walked.unreached, walked.is_in_order) == ((), (), True)


def test_a_metrics_name_leads_to_its_own_definition(
    site: Path, published: duckdb.DuckDBPyConnection
) -> None:
    labels = dict(published.execute("select metric_name, label from metric_definitions").fetchall())
    defined = dict(
        re.findall(
            r'<details class="details" id="([^"]+)">\s*<summary>([^<]+)</summary>',
            (site / "definitions/index.html").read_text(encoding="utf-8"),
        )
    )
    terms = {
        (name, urldefrag(address)[1])
        for html in pages(site).values()
        for address, name in re.findall(r'<a class="term" href="([^"]+)" data-term="([^"]+)"', html)
    }
    assert len(terms) > 60
    wrong = [pair for pair in terms if unescape(defined[pair[1]]) != labels[pair[0]]]
    assert wrong == []


def test_no_page_weighs_more_than_half_a_megabyte(site: Path) -> None:
    sizes = {
        page.relative_to(site).as_posix(): page.stat().st_size for page in site.rglob("*.html")
    }
    # What every page loads is the same few files, which a browser fetches once.
    shared = sum(
        path.stat().st_size
        for path in [site / "definitions.js", *(site / "assets").rglob("*")]
        if path.is_file()
    )
    assert {name: size for name, size in sizes.items() if size + shared > 500_000} == {}


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
    for name, html in every_page(site).items():
        found = _Addresses()
        found.feed(html)
        assert found.loads
        for address in [*found.loads, *found.links]:
            path = urldefrag(address)[0]
            assert "//" not in path, (name, address)
            target = (site / name).parent / path if path else site / name
            assert target.is_file() or (target / "index.html").is_file(), (name, address)


def test_the_definitions_show_each_metrics_sql_and_its_way_from_extract_to_figure(
    site: Path, published: duckdb.DuckDBPyConnection
) -> None:
    path = site / "definitions/index.html"
    html = path.read_text(encoding="utf-8")
    assert len(html.encode()) < 500_000
    assert '<details class="details" open' not in html
    sql = (site / "metric-sql/index.html").read_text(encoding="utf-8")
    shown = [" ".join(unescape(one).split()) for one in re.findall(r"<pre>(.*?)</pre>", sql, re.S)]
    compiled = published.execute("select compiled_sql from metric_definitions").fetchall()
    assert len(compiled) > 100
    assert sorted(shown) == sorted(" ".join(one.split()) for (one,) in compiled)
    text = unescape(words(html))
    rows = published.execute(
        "select lineage.published_columns, lineage.measures, lineage.landed_records"
        " from metric_definitions inner join metric_lineage as lineage using (metric_name)"
    ).fetchall()
    assert len(rows) == len(compiled)
    for row in rows:
        for told in row:
            assert " ".join(told.split()) in text, told
    support = published.execute(
        "select published_columns, measures, mart_columns, mart_models from metric_lineage"
        " where metric_name = 'cts_recognised_gbp'"
    ).fetchone()
    assert support is not None
    assert "district_cts_month.recognised_gbp" in support[0].split(", ")
    assert support[1:] == (
        "sum of recognised_gbp in fct_cts_month",
        "fct_cts_month.recognised_gbp",
        "fct_cts_month",
    )


def test_the_way_of_a_mart_is_that_of_its_models(
    county: BuiltCounty, published: duckdb.DuckDBPyConnection
) -> None:
    manifest = json.loads((county.home.current / "manifest.json").read_text(encoding="utf-8"))

    def behind(node: str) -> set[str]:
        above = manifest["parent_map"].get(node, [])
        return set(above).union(*(behind(parent) for parent in above))

    layers = ("mart_models", "intermediate_models", "staging_models", "reference_tables")
    rows = published.execute(f"select mart_name, {', '.join(layers)} from mart_lineage").fetchall()
    measured = {
        node["node_relation"]["alias"] for node in manifest["semantic_models"].values()
        if node["measures"]
    }  # fmt: skip
    assert {mart for mart, *_ in rows} == measured
    for mart, *told in rows:
        listed = {name for names in told for name in names.split(", ")} - {"none"}
        models = {
            one.removeprefix("model.openlsi.").removeprefix("seed.openlsi.")
            for one in behind(f"model.openlsi.{mart}")
            if one.startswith(("model.", "seed."))
        }
        assert listed == models, mart


def test_every_table_of_the_warehouse_stands_in_the_documentation(
    county: BuiltCounty, site: Path
) -> None:
    manifest = json.loads((county.home.current / "manifest.json").read_text(encoding="utf-8"))
    tables = [
        node
        for node in [*manifest["nodes"].values(), *manifest["sources"].values()]
        if node["resource_type"] in ("model", "seed", "source")
    ]
    assert len(tables) > 250
    html = {name: text for name, text in every_page(site).items() if name.startswith("dbt/")}
    index = html.pop("dbt/index.html")
    anchors = [one for text in html.values() for one in re.findall(r'<h2 id="(\w+)">', text)]
    assert sorted(anchors) == sorted(node["name"] for node in tables)
    assert index.count("<td><a href=") == len(tables)
    whole = "".join(html.values())
    assert all(f"<td>{column}</td>" in whole for node in tables for column in node["columns"])
    for name, text in {**html, "index": index}.items():
        assert len(text.encode()) < 500_000, name
        # Nothing that the policy forbids, and nothing of the machine that built it.
        assert not re.search(r"<script(?! src)|<style|\sstyle=|\son\w+=", text), name
        assert node_root(manifest) not in text, name


def node_root(manifest: dict[str, Any]) -> str:
    return next(
        str(node["root_path"]) for node in manifest["nodes"].values() if "root_path" in node
    )
