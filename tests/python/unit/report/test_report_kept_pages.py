"""A page is rendered again where anything that it rests on has changed, and only there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from small_project import FEW_ROWS, make_project
from test_report_in_browser import PAGE, SQL

from openlsi.report.errors import ReportError
from openlsi.report.site import Outcome, Request, render_site

PAGES = {
    "pages/index.md": '# Home\n\n{@partial "foot.md"}\n\n[Fruit](/fruit/) [About](/about/)\n',
    "pages/about.md": "# About\n\nNothing of the data.\n",
    "pages/fruit/index.md": (
        "---\ntitle: Fruit\nqueries:\n  - listed: listed.sql\n---\n\n"
        '<DataTable data={listed} title="Fruit" link=link />\n'
    ),
    "pages/fruit/[slug].md": (
        "```sql one\nselect * from published.fruit where slug = '${params.slug}'\n```\n\n"
        "# {one[0].name}\n\n<Value data={one} column=weight />\n"
    ),
    "queries/listed.sql": "select name, '/fruit/' || slug as link from published.fruit order by 1",
    "partials/foot.md": "Below.\n",
    "static/logo.svg": "<svg/>",
    "site.yaml": "service_name: Fruit\n",
}


class Site:
    """A project that is rendered again and again into the same folders."""

    def __init__(self, folder: Path) -> None:
        self.root = make_project(folder / "project", PAGES, FEW_ROWS)
        self.out, self.cache = folder / "site", folder / "cache"

    def render(self) -> Outcome:
        return render_site(Request(self.root, self.out, None, self.cache))

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def change(self, sql: str) -> None:
        with duckdb.connect(str(self.root / "sources/published/data.duckdb")) as connection:
            connection.execute(sql)

    def bytes(self) -> dict[str, bytes]:
        paths = (path for path in self.out.rglob("*") if path.is_file())
        return {path.relative_to(self.out).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path)
    outcome = made.render()
    assert (outcome.pages, outcome.pages_taken) == (6, 0)
    return made


CHANGES: dict[str, tuple[Callable[[Site], object], int]] = {
    "nothing": (lambda site: None, 6),
    "a page": (lambda site: site.edit("pages/about.md", "Nothing", "Little"), 5),
    "a partial": (lambda site: site.edit("partials/foot.md", "Below", "Under"), 5),
    "a query's file": (lambda site: site.edit("queries/listed.sql", "by 1", "by 1 desc"), 5),
    "a templated page": (lambda site: site.edit("pages/fruit/[slug].md", "# {", "# A {"), 3),
    "a setting": (lambda site: site.edit("site.yaml", "Fruit", "Fruits"), 0),
    "a static file": (lambda site: site.edit("static/logo.svg", "<svg/>", "<svg></svg>"), 0),
    "a value": (
        lambda site: site.change("update published.fruit set weight = 11 where slug = 'apple'"),
        5,
    ),
    "a mark": (
        lambda site: site.change(
            "update published.fruit set weight_mark = 'p' where slug = 'apple'"
        ),
        5,
    ),
    "a name": (
        lambda site: site.change("update published.fruit set name = 'P' where slug = 'pear'"),
        4,
    ),
    "a table that no page reads": (lambda site: site.change("drop table published.nothing"), 6),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_rests_on_a_change_is_rendered_again(site: Site, tmp_path: Path, what: str) -> None:
    change, taken = CHANGES[what]
    change(site)
    assert site.render().pages_taken == taken
    # What is taken is what would have been rendered, to the byte.
    render_site(Request(site.root, tmp_path / "anew"))
    anew, site.out = site.bytes(), tmp_path / "anew"
    assert anew == site.bytes()


def test_other_code_renders_every_page_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openlsi.report.kept_pages._code", lambda: "other")
    assert site.render().pages_taken == 0


def test_a_kept_page_that_is_damaged_is_rendered_again(site: Site) -> None:
    whole = site.bytes()
    for path in sorted((site.cache / "pages").glob("*.json"))[:2]:
        path.write_bytes(path.read_bytes()[:-9])
    assert site.render().pages_taken == 4
    assert site.bytes() == whole


def test_a_query_that_fails_now_is_refused_though_its_page_is_kept(site: Site) -> None:
    site.change("alter table published.fruit rename slug to code")
    with pytest.raises(ReportError, match=r"queries/listed.sql:1: query 'listed' failed: .*slug"):
        site.render()


def test_a_kept_page_has_its_inputs_tables_and_warnings(tmp_path: Path) -> None:
    more = "<Checkbox name=idle />\n"
    root = make_project(tmp_path / "project", {"pages/index.md": f"{PAGE}\n{more}"}, SQL)
    made = [
        render_site(Request(root, tmp_path / f"site-{number}", None, tmp_path / "cache"))
        for number in (1, 2)
    ]
    assert [outcome.pages_taken for outcome in made] == [0, 1]
    assert made[0].warnings == made[1].warnings and "'idle'" in made[0].warnings[0]
    assert made[0].charts == made[1].charts > 0
    files = [
        {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        for folder in (tmp_path / "site-1", tmp_path / "site-2")
    ]
    assert files[0] == files[1] and len(files[0]) > 10
