"""The sample project as a whole: golden text, equal bytes, policy, links and navigation."""

from __future__ import annotations

import os
import re
from pathlib import Path

import duckdb
import pytest
from reading import as_text
from small_project import FIXTURES, SAMPLE, make_database, make_project, refusal, render

from openlsi.report.errors import ReportError
from openlsi.report.outline import read_outline
from openlsi.report.site import Request, render_site

GOLDEN = FIXTURES / "golden"
PAGES = ["index", "about/index", "places/mill-pond/index", "places/secret-pool/index"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    database = make_database(folder / "ponds.duckdb", (FIXTURES / "sample.sql").read_text())
    render_site(Request(SAMPLE, folder / "site", database, folder / "cache"))
    return folder / "site"


def pages_of(site: Path) -> dict[str, str]:
    return {
        path.relative_to(site).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(site.rglob("*.html"))
    }


@pytest.mark.parametrize("page", PAGES)
def test_a_page_reads_as_its_golden_text(site: Path, page: str) -> None:
    """Write the texts anew with LSI_WRITE_GOLDEN=1 and read the difference before committing."""
    found = as_text((site / f"{page}.html").read_text(encoding="utf-8"))
    golden = GOLDEN / f"{page.replace('/', '__')}.txt"
    if os.environ.get("LSI_WRITE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(found, encoding="utf-8")
    assert found == golden.read_text(encoding="utf-8")


def test_templated_pages_are_those_that_are_linked(site: Path) -> None:
    assert sorted(pages_of(site)) == [
        "about/index.html",
        "index.html",
        "places/duck-drake/index.html",
        "places/heron-mere/index.html",
        "places/mill-pond/index.html",
        "places/secret-pool/index.html",
    ]


def test_a_second_render_gives_the_same_bytes(site: Path, tmp_path: Path) -> None:
    database = make_database(tmp_path / "d" / "ponds.duckdb", (FIXTURES / "sample.sql").read_text())
    for name in ("first", "second"):
        render_site(Request(SAMPLE, tmp_path / name, database))
    files = {p.relative_to(site): p.read_bytes() for p in site.rglob("*") if p.is_file()}
    for name in ("first", "second"):
        again = tmp_path / name
        assert files == {
            p.relative_to(again): p.read_bytes() for p in again.rglob("*") if p.is_file()
        }


def test_no_page_has_inline_style_or_script(site: Path) -> None:
    for name, html in pages_of(site).items():
        assert "default-src 'none'; style-src 'self'; script-src 'self'" in html
        assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=\"|javascript:", html), name
        assert re.findall(r"<script\b([^>]*)>(.*?)</script>", html) == [
            (f' src="{"../" * name.count("/")}assets/{script}.js" defer', "")
            for script in ("site", "tables", "sections")
        ]
        assert not re.search(r'(?:src|href)="(?:https?:)?//', html), name


def test_every_link_leads_to_a_file_and_every_id_is_its_own(site: Path) -> None:
    for name, html in pages_of(site).items():
        outline = read_outline(html)
        assert len(outline.identifiers) == len(set(outline.identifiers)), name
        for address in outline.links:
            path, _, fragment = address.partition("#")
            target = (site / name).parent / path if path else site / name
            assert target.is_file(), (name, address)
            if fragment:
                assert fragment in read_outline(target.read_text()).identifiers


def test_cached_charts_are_not_drawn_again(tmp_path: Path) -> None:
    database = make_database(tmp_path / "d" / "ponds.duckdb", (FIXTURES / "sample.sql").read_text())
    first = render_site(Request(SAMPLE, tmp_path / "a", database, tmp_path / "cache"))
    second = render_site(Request(SAMPLE, tmp_path / "b", database, tmp_path / "cache"))
    assert first.charts_drawn > 0 and second.charts_drawn == 0
    assert (tmp_path / "a/index.html").read_bytes() == (tmp_path / "b/index.html").read_bytes()


def test_the_frame_names_build_page_and_way_back(site: Path) -> None:
    html = (site / "places/mill-pond/index.html").read_text()
    assert "<title>Mill Pond – Parks and ponds of Larkshire</title>" in html
    assert "Build b-0001" in html
    assert '<span aria-current="page">Mill Pond</span>' in html
    assert '<a href="../../index.html">Ponds at a glance</a>' in html
    assert "The ponds on these pages are made up." in html


def test_navigation_goes_by_position_then_label(tmp_path: Path) -> None:
    project = make_project(
        tmp_path / "p",
        {
            "pages/zebra.md": "---\ntitle: Zebra\nsidebar_position: 1\n---\n\nx\n",
            "pages/apple.md": "---\ntitle: Apple\n---\n\nx\n",
            "pages/hidden.md": "---\ntitle: Hidden\nsidebar: hide\n---\n\nx\n",
            "pages/deep-folder/leaf.md": "---\ntitle: Leaf\n---\n\nx\n",
        },
    )
    render(project, tmp_path / "site")
    html = (tmp_path / "site/index.html").read_text()
    nav = html.split('<nav class="site-nav"', 1)[1].split("</nav>", 1)[0]
    labels = [label.strip() for label in re.findall(r">([^<>]+)<", nav) if label.strip()]
    assert labels == ["All pages", "Home", "Zebra", "Apple", "Deep folder", "Leaf"]


def test_links_from_templated_pages_are_followed(tmp_path: Path) -> None:
    project = make_project(
        tmp_path / "p",
        {
            "pages/index.md": "[on](/a/one/)\n",
            "pages/a/[x].md": "{params.x} [on](/b/{params.x}/two)\n",
            "pages/b/[x]/[y]/index.md": "# {params.x} and {params.y}\n\n[home](/)\n",
        },
    )
    render(project, tmp_path / "site")
    html = (tmp_path / "site/b/one/two/index.html").read_text()
    assert ">one and two</h1>" in html and 'href="../../../index.html"' in html


def test_a_parameter_that_is_no_safe_folder_is_refused(tmp_path: Path) -> None:
    message = refusal(tmp_path, "[on](/a/..%2F..%2Fetc)\n", **{"pages/a/[x].md": "{params.x}\n"})
    assert "there is no such page" in message or "cannot be part of an address" in message


def test_static_files_come_along_and_may_be_linked(tmp_path: Path) -> None:
    project = make_project(
        tmp_path / "p",
        {"pages/a/b.md": "[file](/notes.txt) ![Plan](/plan.svg)\n", "static/notes.txt": "hello"},
    )
    (project / "static/plan.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    render(project, tmp_path / "site")
    html = (tmp_path / "site/a/b/index.html").read_text()
    assert 'href="../../notes.txt"' in html and 'src="../../plan.svg"' in html
    assert (tmp_path / "site/notes.txt").read_text() == "hello"


SORT = (
    "```sql one\nselect * from published.fruit where slug = '${params.slug}'\n```\n\n"
    "```sql same\nselect name from ${one} o\n```\n\n"
    "```sql all_fruit\nselect * from published.fruit\n```\n\n"
    "{params.slug}: {one.length} of {all_fruit.length}\n"
)


def test_a_link_to_an_address_that_no_query_knows_is_refused(tmp_path: Path) -> None:
    pages = {"pages/sorts/[slug].md": SORT}
    message = refusal(tmp_path / "a", "[a](/sorts/apple)\n\n[b](/sorts/nosuch)\n", **pages)
    assert message == (
        "pages/index.md:3: link to '/sorts/nosuch': no query of pages/sorts/[slug].md yields a row "
        "for it (one, same)"
    )
    rows = "```sql rows\nselect concat('/sorts/', name) as link, name from published.fruit\n```\n\n"
    table = refusal(tmp_path / "b", rows + "<DataTable data={rows} link=link />\n", **pages)
    assert table.startswith("pages/index.md:5: link to '/sorts/Apple': no query of")


def test_a_page_that_was_kept_is_refused_when_its_rows_are_gone(tmp_path: Path) -> None:
    pages = {"pages/index.md": "[a](/sorts/apple)\n", "pages/sorts/[slug].md": SORT}
    project = make_project(tmp_path / "p", pages)
    request = Request(project, tmp_path / "site", cache=tmp_path / "cache")
    render_site(request)
    data = project / "sources" / "published" / "data.duckdb"
    with duckdb.connect(str(data)) as connection:
        connection.execute("delete from published.fruit where slug = 'apple'")
    with pytest.raises(ReportError, match=r"pages/index.md:1: link to '/sorts/apple'"):
        render_site(request)


def test_a_templated_page_that_nothing_links_to_is_not_made_and_is_said(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p", {"pages/sorts/[slug].md": SORT})
    outcome = render(project, tmp_path / "site")
    assert outcome.pages == 1
    assert outcome.warnings == (
        "pages/sorts/[slug].md:1: no page links to an address of this one, so that none is made",
    )
