"""A whole site: pages found by their links, framed, checked and written."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from openlsi.report.addresses import is_external, is_safe, relative, resolve, segments_of
from openlsi.report.charts.drawing import DrawingRoom
from openlsi.report.database import Database
from openlsi.report.errors import Place, ReportError, nearest
from openlsi.report.javascript_engine import JavaScript
from openlsi.report.linting import lint_project
from openlsi.report.navigation import breadcrumbs, label_of, navigation
from openlsi.report.outline import Outline, read_outline
from openlsi.report.page import RenderedPage, Workshop, render_page
from openlsi.report.project import Page, Project, read_project
from openlsi.report.templating import render
from openlsi.report.writing import swap_in

ADDRESS = re.compile(r'(<(?:a|img|source)\b[^<>]*?\s(?:href|src)=")([^"]*)(")')
MOST_PAGES = 5000


@dataclass(frozen=True)
class Request:
    """What to render and where to."""

    project: Path
    out: Path
    database: Path | None = None
    cache: Path | None = None
    build_id: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What a render did."""

    pages: int
    charts: int
    charts_drawn: int
    files: int


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
    for tag, code, value_type in project.formats:
        js.add_format(tag, code, value_type)
    drawing = DrawingRoom(request.cache, project.formats)
    with closing(Database(project.root, request.database)) as database:
        workshop = Workshop(
            project, database, js, drawing.draw, at, _setting(project, database, "refreshed_sql")
        )
        build_id = request.build_id or _setting(project, database, "build_id_sql")
        pages = _render_all(workshop)
    files = _write_all(project, pages, build_id)
    swap_in(files, request.out, project.static)
    return Outcome(len(pages), drawing.asked, drawing.drawn, len(files))


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


def _render_all(workshop: Workshop) -> dict[tuple[str, ...], RenderedPage]:
    """Render the plain pages, then every templated page that some page links to."""
    project = workshop.project
    waiting: deque[tuple[Page, tuple[str, ...], dict[str, str]]] = deque(
        (page, page.segments, {}) for page in project.pages if not page.is_templated
    )
    done: dict[tuple[str, ...], RenderedPage] = {}
    known = {page.segments for page in project.pages if not page.is_templated}
    while waiting:
        page, segments, parameters = waiting.popleft()
        rendered = render_page(workshop, page, segments, parameters)
        done[segments] = rendered
        if len(done) > MOST_PAGES:
            raise ReportError(f"more than {MOST_PAGES} pages", Place(page.file, 1))
        for address in read_outline(rendered.content).links:
            found = _page_behind(address, rendered, project)
            if found and found[1] not in known:
                known.add(found[1])
                waiting.append(found)
    return done


def _page_behind(
    address: str, rendered: RenderedPage, project: Project
) -> tuple[Page, tuple[str, ...], dict[str, str]] | None:
    """Return the templated page that a link leads to, with its parameters."""
    if is_external(address) or address in rendered.files:
        return None
    path, _ = resolve(address, rendered.segments)
    try:
        segments = segments_of(path)
    except ReportError as error:
        raise ReportError(
            f"link {address!r}: {error.message}", _place(rendered, address)
        ) from error
    for page in project.pages:
        if page.is_templated:
            parameters = page.match(segments)
            if parameters is not None:
                return page, segments, parameters
    return None


def _place(rendered: RenderedPage, address: str) -> Place:
    """Return where a link was written, as well as that can be told from its text."""
    return rendered.link_places.get(address) or rendered.page.source.place_of(address)


def _write_all(
    project: Project, pages: dict[tuple[str, ...], RenderedPage], build_id: str | None
) -> dict[str, bytes]:
    outlines = {segments: read_outline(page.content) for segments, page in pages.items()}
    files: dict[str, bytes] = {}
    for segments in sorted(pages):
        rendered = pages[segments]
        links = _Links(project, outlines, rendered)
        content = ADDRESS.sub(links.rewrite, str(rendered.content))
        folder = "".join(f"{segment}/" for segment in segments)
        markup = _frame(project, rendered, Markup(content), outlines[segments], build_id)  # noqa: S704
        files[f"{folder}index.html"] = (markup + "\n").encode("utf-8")
        for name, data in rendered.files.items():
            files[f"{folder}{name}"] = data
    return files


class _Links:
    """The links of one page: checked against the site, then made relative."""

    def __init__(
        self,
        project: Project,
        outlines: dict[tuple[str, ...], Outline],
        rendered: RenderedPage,
    ) -> None:
        self.project = project
        self.outlines = outlines
        self.rendered = rendered

    def rewrite(self, found: re.Match[str]) -> str:
        """Return a link's markup with its address relative to the page."""
        address = unescape(found.group(2))
        return f"{found.group(1)}{escape(self._target(address))}{found.group(3)}"

    def _target(self, address: str) -> str:
        place = _place(self.rendered, address)
        if not is_safe(address):
            raise ReportError(f"{address!r} is not a safe address", place)
        if is_external(address) or address in self.rendered.files:
            return address
        here = self.rendered.segments
        path, fragment = resolve(address, here)
        name = path.strip("/")
        if name and (self.project.static / name).is_file():
            return relative(path, here, is_page=False, fragment=fragment)
        segments = segments_of(path)
        if segments not in self.outlines:
            known = ["/" + "/".join(known) for known in self.outlines]
            raise ReportError(
                f"link to {address!r}: there is no such page"
                f"{nearest('/' + '/'.join(segments), known)}",
                place,
            )
        outline = self.outlines[segments]
        if fragment and fragment not in outline.identifiers and fragment != "content":
            raise ReportError(
                f"link to {address!r}: that page has no part called {fragment!r}"
                f"{nearest(fragment, outline.identifiers)}",
                place,
            )
        return relative("/".join(segments), here, is_page=True, fragment=fragment)


def _frame(
    project: Project,
    rendered: RenderedPage,
    content: Markup,
    outline: Outline,
    build_id: str | None,
) -> str:
    front = rendered.page.front_matter
    segments = rendered.segments
    first = next((h.text for h in outline.headings if h.level == 1), None)
    shows_title = bool(front.title) and not front.hide_title
    name = segments[-1] if segments else ""
    label = (
        rendered.breadcrumb
        or (first if rendered.parameters else None)
        or (label_of(rendered.page, name) if not rendered.parameters else name)
    )
    values: dict[str, Any] = {
        "settings": project.settings,
        "front": front,
        "title": front.title if shows_title else first or front.title or label,
        "shows_title": shows_title,
        "content": content,
        "navigation": navigation(project.pages, segments),
        "breadcrumbs": breadcrumbs(project.pages, segments, label) if segments else [],
        "headings": [h for h in outline.headings if h.level in (2, 3) and h.identifier],
        "marks": [
            (mark, project.settings.mark_meanings.get(mark.strip("[]"), ""))
            for mark in rendered.marks
        ],
        "build_id": build_id,
        "to": lambda path: relative(path, segments, is_page=True),
        "asset": lambda path: relative(path, segments, is_page=False),
        "address": lambda url: (
            url if is_external(url) else relative(resolve(url, ())[0], segments, is_page=True)
        ),
    }
    return str(render("page.html.jinja", **values))
