"""No page fails for want of rows: a published table may be empty, and the page says so in words.

Each table in turn yields nothing, as in a county where no row was set aside, no landlord is left
or one month is held; the pages that read it are rendered over the rest of the committed
publication. A templated page is rendered at the first address that another page links to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from openlsi.report.addresses import resolve, segments_of
from openlsi.report.charts.drawing import DrawingRoom
from openlsi.report.database import Database
from openlsi.report.errors import ReportError
from openlsi.report.glossary import Glossary
from openlsi.report.javascript_engine import JavaScript
from openlsi.report.page import RenderedPage, Workshop, render_page
from openlsi.report.project import Page, Project, read_project
from openlsi.report.sql import chain
from parity import golden, publication

TABLE = re.compile(r"\bpublished\.(\w+)")
# The build itself writes one row of what it is; a county without a district is none.
NEVER_EMPTY = frozenset({"build_info", "districts"})
Address = tuple[Page, tuple[str, ...], dict[str, str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("empty")


@pytest.fixture(scope="module")
def project() -> Project:
    return read_project(golden.REPORTS)


@pytest.fixture(scope="module")
def workshop(folder: Path, project: Project) -> Iterator[Workshop]:
    """What pages are rendered with; drawings are kept, since most are of tables not emptied."""
    js = JavaScript()
    for tag, code, value_type in project.formats:
        js.add_format(tag, code, value_type)
    database = publication.restore(golden.PUBLICATION, folder / "publication.duckdb")
    draw = DrawingRoom(folder / "cache", project.formats).draw
    with closing(Database(project.root, database)) as opened:
        yield Workshop(
            project, opened, js, draw, lambda place: None, "2026-01-01", glossary=Glossary()
        )


@pytest.fixture(scope="module")
def addresses(project: Project, workshop: Workshop) -> list[Address]:
    """Every plain page, and of each templated page the first that one of them links to."""
    plain = [(page, page.segments, {}) for page in project.pages if not page.is_templated]
    linked: dict[str, Address] = {}
    for address in plain:
        rendered = render_page(workshop, *address)
        for link in rendered.links:
            found = _templated(project, rendered, link)
            if found:
                linked.setdefault(found[0].file, found)
    assert len(linked) == sum(page.is_templated for page in project.pages)
    return [*plain, *linked.values()]


def _templated(project: Project, rendered: RenderedPage, link: str) -> Address | None:
    path, _ = resolve(link, rendered.segments)
    for page in project.pages:
        values = page.match(segments_of(path)) if page.is_templated else None
        if values is not None:
            return page, segments_of(path), values
    return None


def tables_of(page: Page) -> frozenset[str]:
    """Return the published tables that a page's queries select from."""
    queries = [chain(query, page.queries) for query in page.queries.values()]
    return frozenset(TABLE.findall(" ".join([*queries, page.front_matter.breadcrumb or ""])))


def without_rows(workshop: Workshop, file: Path, table: str) -> Workshop:
    """Return a workshop over the same data in which one table yields nothing."""
    database = Database(workshop.project.root, file)
    key = f"published.{table}"
    source = database.tables[key]
    nothing = f"select * from ({source.sql.strip().rstrip(';')}) where false"
    database.tables[key] = replace(source, sql=nothing)
    return replace(workshop, database=database)


def test_an_empty_table_fails_no_page(
    folder: Path, workshop: Workshop, addresses: list[Address]
) -> None:
    names = sorted({table.name for table in workshop.database.tables.values()} - NEVER_EMPTY)
    found: list[str] = []
    rendered = 0
    for name in names:
        emptied = without_rows(workshop, folder / "publication.duckdb", name)
        with closing(emptied.database):
            for page, segments, values in addresses:
                if name not in tables_of(page):
                    continue
                rendered += 1
                try:
                    content = str(render_page(emptied, page, segments, values).content)
                except ReportError as error:
                    found.append(f"without {name}: {error}")
                else:
                    if re.search(r">\s*(undefined|null|NaN)\s*<", content):
                        found.append(f"without {name}: {page.file} prints a word of the program's")
    assert len(names) > 70 and rendered > 100
    assert found == []


def test_a_page_that_does_not_reckon_with_it_is_found(
    folder: Path, project: Project, workshop: Workshop
) -> None:
    page = next(page for page in project.pages if page.file == "pages/data-quality.md")
    emptied = without_rows(workshop, folder / "publication.duckdb", "build_info")
    with closing(emptied.database), pytest.raises(ReportError, match="does the query have"):
        render_page(emptied, page, page.segments, {})
