"""A whole site: pages found by their links, framed, checked and written."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from markupsafe import Markup

from openlsi.report.addresses import is_external, resolve, segments_of
from openlsi.report.charts.drawing import DrawingRoom
from openlsi.report.companions import (
    CHOICES_SCRIPT,
    SITE_BOOK,
    WORKBOOK,
    choices_script,
    definitions_script,
    every_choice,
)
from openlsi.report.database import Database
from openlsi.report.dbt_docs.pages import docs_pages
from openlsi.report.errors import NoSuchPageError, Place, ReportError
from openlsi.report.framing import Framed, Imprint
from openlsi.report.glossary import DEFINITIONS_SCRIPT, Definition, Glossary
from openlsi.report.inputs import EVERY_CHOICE
from openlsi.report.javascript_engine import JavaScript, ScriptError
from openlsi.report.kept_pages import KeptPages
from openlsi.report.linting import lint_project
from openlsi.report.navigation import reading_order
from openlsi.report.page import RenderedPage, Workshop
from openlsi.report.page_links import PageLinks, place_of_link
from openlsi.report.project import Page, Project, read_project
from openlsi.report.settings import place_of_format, place_of_setting
from openlsi.report.site_book import site_book
from openlsi.report.writing import swap_in

MOST_PAGES = 5000


@dataclass(frozen=True)
class Request:
    """What to render and where to."""

    project: Path
    out: Path
    database: Path | None = None
    cache: Path | None = None
    build_id: str | None = None
    manifest: Path | None = None
    """dbt's manifest, whose tables are shown under /dbt/; without one there are no such pages."""


Waiting = tuple[Page, tuple[str, ...], dict[str, str], tuple[RenderedPage, str] | None]
"""A page to render: its address and parameters, and the page and the link that it was found by."""


@dataclass(frozen=True)
class Outcome:
    """What a render did; `addresses` are its pages' segments in reading order."""

    pages: int
    charts: int
    charts_drawn: int
    files: int
    warnings: tuple[str, ...] = ()
    pages_taken: int = 0
    """Pages that were not rendered again, since nothing that they rest on has changed."""
    addresses: tuple[tuple[str, ...], ...] = ()
    imprint: Imprint | None = None


def check_project(root: Path) -> Project:
    """Read a project and lint its SQL where the site asks for it; touch no data."""
    project = read_project(root)
    if project.settings.page_sql == "plain":
        lint_project(project)
    return project


def render_site(request: Request, at: Callable[[Place], None] = lambda place: None) -> Outcome:
    """Render a project into a folder; on any error the folder stays as it was."""
    project = check_project(request.project.resolve())
    js = JavaScript()
    _add_formats(project, js)
    drawing = DrawingRoom(request.cache, project.formats)
    with closing(Database(project.root, request.database)) as database:
        glossary = _glossary(project, database)
        refreshed = _setting(project, database, "refreshed_sql")
        workshop = Workshop(
            project, database, js, drawing.draw, at, refreshed, lambda: drawing.asked, glossary
        )
        kept = KeptPages(request.cache / "pages" if request.cache else None, workshop)
        build_id = request.build_id or _setting(project, database, "build_id_sql")
        notes = _notes(project, database)
        pages = _render_all(project, kept)
    if request.manifest:
        project = _documented(project, pages, request.manifest)
    imprint = Imprint(project.settings, workshop.refreshed, build_id, glossary, notes)
    files = _write_all(project, pages, imprint)
    swap_in(files, request.out, project.static)
    warnings = dict.fromkeys(line for page in pages.values() for line in page.warnings)
    warnings |= dict.fromkeys(_unlinked(project, pages))
    return Outcome(
        len(pages),
        drawing.asked + kept.charts,
        drawing.drawn,
        len(files),
        tuple(warnings),
        kept.taken,
        tuple(reading_order(project.pages, pages)),
        imprint,
    )


def _add_formats(project: Project, js: JavaScript) -> None:
    for tag, code, value_type in project.formats:
        try:
            js.add_format(tag, code, value_type)
        except ScriptError as error:
            place = place_of_format(project.root, tag)
            raise ReportError(f"format {tag!r}: {error}", place) from error


def _unlinked(project: Project, pages: dict[tuple[str, ...], RenderedPage]) -> list[str]:
    """Return a line for each templated page that stands for no page, since nothing links to one."""
    made = {rendered.page.file for rendered in pages.values()}
    return [
        f"{Place(page.file, 1)}: no page links to an address of this one, so that none is made"
        for page in project.pages
        if page.is_templated and page.file not in made
    ]


def _documented(
    project: Project, pages: dict[tuple[str, ...], RenderedPage], manifest: Path
) -> Project:
    """Add the pages of dbt's documentation, and return the project with them in its navigation."""
    found = docs_pages(manifest, tuple(pages))
    pages.update((page.segments, page) for page in found)
    return replace(project, pages=(*project.pages, *(page.page for page in found)))


def _setting(project: Project, database: Database, name: str) -> str | None:
    """Return the single value that a query in site.yaml yields."""
    sql = getattr(project.settings, name)
    if not sql:
        return None
    place = Place("site.yaml", 1)
    table = database.query(sql, name, place)
    if len(table.columns) != 1 or len(table.rows) != 1 or table.rows[0][0] is None:
        raise ReportError(f"{name} must yield one row with one value", place)
    return str(table.rows[0][0])


def _glossary(project: Project, database: Database) -> Glossary:
    """Return the site's terms, from the query in site.yaml: name, label and definition."""
    settings = project.settings
    sql = settings.definitions_sql
    if not sql:
        return Glossary()
    place = Place("site.yaml", 1)
    table = database.query(sql, "definitions_sql", place)
    if len(table.columns) != 3:
        raise ReportError("definitions_sql must yield a name, a label and a definition", place)
    found = tuple(Definition(*(str(value or "") for value in row)) for row in table.rows)
    glossary = Glossary(found, settings.definitions_page, settings.column_terms)
    glossary.check(lambda key: place_of_setting(project.root, key))
    return glossary


def _notes(project: Project, database: Database) -> tuple[str, ...]:
    """Return the lines that every spreadsheet begins with, from the query in site.yaml."""
    sql = project.settings.notes_sql
    if not sql:
        return ()
    place = Place("site.yaml", 1)
    table = database.query(sql, "notes_sql", place)
    if len(table.columns) != 1:
        raise ReportError("notes_sql must yield one column of lines", place)
    return tuple(str(row[0]) for row in table.rows if row[0] not in (None, ""))


def _render_all(project: Project, kept: KeptPages) -> dict[tuple[str, ...], RenderedPage]:
    """Render the plain pages, then every templated page that some page links to.

    Links are what tells which there are, as in Evidence, whose build crawls them.
    """
    waiting: deque[Waiting] = deque(
        (page, page.segments, {}, None) for page in project.pages if not page.is_templated
    )
    done: dict[tuple[str, ...], RenderedPage] = {}
    known = {page.segments for page in project.pages if not page.is_templated}
    while waiting:
        page, segments, parameters, origin = waiting.popleft()
        try:
            rendered = kept.page(page, segments, parameters)
        except NoSuchPageError as error:
            if origin is None:
                raise
            raise ReportError(
                f"link to {origin[1]!r}: {error.message}", place_of_link(*origin)
            ) from error
        done[segments] = rendered
        if len(done) > MOST_PAGES:
            raise ReportError(f"more than {MOST_PAGES} pages", Place(page.file, 1))
        for address in rendered.links:
            found = _page_behind(address, rendered, project)
            if found and found[1] not in known:
                known.add(found[1])
                waiting.append((*found, (rendered, address)))
    return done


def _page_behind(
    address: str, rendered: RenderedPage, project: Project
) -> tuple[Page, tuple[str, ...], dict[str, str]] | None:
    """Return the templated page that a link leads to, with its parameters."""
    if is_external(address) or address in rendered.own_files:
        return None
    path, _ = resolve(address, rendered.segments)
    try:
        segments = segments_of(path)
    except ReportError as error:
        raise ReportError(
            f"link {address!r}: {error.message}", place_of_link(rendered, address)
        ) from error
    for page in project.pages:
        if page.is_templated:
            parameters = page.match(segments)
            if parameters is not None:
                return page, segments, parameters
    return None


def _write_all(
    project: Project, pages: dict[tuple[str, ...], RenderedPage], imprint: Imprint
) -> dict[str, bytes]:
    outlines = {segments: page.outline for segments, page in pages.items()}
    has_book = any(page.sheets for page in pages.values())
    files: dict[str, bytes] = {}
    for segments in sorted(pages):
        rendered = pages[segments]
        links = PageLinks(project, outlines, rendered)
        content = links.rewrite_all(str(rendered.content))
        folder = "".join(f"{segment}/" for segment in segments)
        framed = Framed(project, rendered, outlines[segments], imprint, has_book)
        made = {"index.html": framed.html(Markup(content))}  # noqa: S704 - rendered before
        if rendered.parts:
            every = every_choice(content, rendered.parts, links.rewrite_all)
            made[EVERY_CHOICE] = framed.html(every, "every choice")
            made[CHOICES_SCRIPT] = choices_script(rendered.parts, links.rewrite_all)
        if rendered.sheets:
            made[WORKBOOK] = framed.workbook()
        for name, data in {**rendered.files, **made}.items():
            files[f"{folder}{name}"] = data
    if imprint.glossary.page:
        files[DEFINITIONS_SCRIPT] = definitions_script(imprint.glossary)
    if has_book:
        files[SITE_BOOK] = site_book(imprint, pages, outlines)
    return files
