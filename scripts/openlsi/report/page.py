"""Rendering one page with its parameters: data first, then its tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from openlsi.report.components import CONTAINERS, CONTROL_NAMES, render_component
from openlsi.report.components.reading_controls import control_names, read_controls
from openlsi.report.database import Database
from openlsi.report.dependence import Dependence
from openlsi.report.errors import NoSuchPageError, Place, ReportError
from openlsi.report.fences import IDENTIFIER, RESERVED_WORDS, Query
from openlsi.report.glossary import Glossary
from openlsi.report.inputs import EVERY_CHOICE, Chosen
from openlsi.report.javascript_engine import JavaScript
from openlsi.report.nodes import Component, Each, Html, If, Node
from openlsi.report.outline import Outline, read_outline
from openlsi.report.page_context import Draw, PageContext
from openlsi.report.page_data import PageData
from openlsi.report.parts import Part, Parts
from openlsi.report.project import Page, Project
from openlsi.report.rendering import Renderer
from openlsi.report.spreadsheets.sheets import Sheet
from openlsi.report.sql import chain

PARAMETER = re.compile(r"\$\{[^}]*\bparams\b")
HEADING_ID = re.compile(r'<h[1-6] id="([^"]+)"')


@dataclass(frozen=True)
class Workshop:
    """What every page is rendered with."""

    project: Project
    database: Database
    js: JavaScript
    draw: Draw
    at: Callable[[Place], None]
    refreshed: str | None = None
    drawings: Callable[[], int] = lambda: 0
    """How many drawings were asked for so far."""
    glossary: Glossary = field(default_factory=Glossary)


@dataclass(frozen=True)
class RenderedPage:
    """A page's content before the site's frame is put round it."""

    page: Page
    segments: tuple[str, ...]
    content: Markup
    files: dict[str, bytes]
    marks: tuple[str, ...]
    link_places: dict[str, Place]
    outline: Outline
    links: tuple[str, ...]
    """What the page links to, in any of its states."""
    breadcrumb: str | None = None
    parameters: dict[str, str] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def own_files(self) -> frozenset[str]:
        """Return the names of the files beside the page that it may link to."""
        return frozenset([*self.files, *([EVERY_CHOICE] if self.parts else [])])


def render_page(
    workshop: Workshop, page: Page, segments: tuple[str, ...], parameters: dict[str, str]
) -> RenderedPage:
    """Run a page's queries and render its tree, what depends on inputs once for every choice."""
    workshop.js.start_page(_variables(page, segments, parameters), {})
    data = PageData(workshop.database, workshop.js, page.queries, workshop.at)
    dependence = Dependence(control_names(page.tree), page.queries)
    data.run_all_but(dependence)
    _check_address(page, data)
    context = _context(workshop, page, data)
    parts = _parts(page, context, data, dependence)
    content = Renderer(context, render_component, parts).nodes(page.tree)
    made = tuple(parts.made) if parts else ()
    outline = read_outline(content)
    others = Markup("").join(state.content for part in made for state in part.states[1:])
    return RenderedPage(
        page,
        segments,
        content,
        context.files,
        tuple(sorted(context.marks)),
        context.link_places,
        outline,
        (*outline.links, *read_outline(others).links),
        _breadcrumb(data, page),
        parameters,
        made,
        tuple(context.sheets),
        tuple(context.warnings),
    )


def _check_address(page: Page, data: PageData) -> None:
    """Refuse an address that the data knows nothing of: its page would be blank."""
    asked = [
        name
        for name, query in page.queries.items()
        if page.is_templated and PARAMETER.search(chain(query, page.queries))
    ]
    # A query that an input changes too has not been run, and may have rows.
    known = all(name in data.tables for name in asked)
    if asked and known and not any(data.tables[name].rows for name in asked):
        raise NoSuchPageError(
            f"no query of {page.file} yields a row for it ({', '.join(asked)})", Place(page.file, 1)
        )


def _context(workshop: Workshop, page: Page, data: PageData) -> PageContext:
    return PageContext(
        js=workshop.js,
        settings=workshop.project.settings,
        tables=data.tables,
        draw=workshop.draw,
        at=workshop.at,
        narrow=data.narrow,
        sources=data.sources,
        glossary=workshop.glossary,
        refreshed=workshop.refreshed,
        static=workshop.project.static,
        # What components are called on the page must differ from what its headings are called.
        identifiers=set(heading_ids(page.tree)),
    )


def _parts(
    page: Page, context: PageContext, data: PageData, dependence: Dependence
) -> Parts | None:
    """Read a page's inputs and choose their defaults; return what renders the parts they change."""
    used = dependence.of_nodes(page.tree)
    if not dependence.inputs:
        return None
    context.inputs = read_controls(page.tree, Renderer(context, render_component), dependence)
    context.idle_inputs = _idle(context, used)
    chosen = Chosen.defaults(context.inputs)
    data.choose(chosen)
    return Parts(dependence, chosen, data.choose, CONTAINERS, CONTROL_NAMES)


def _variables(page: Page, segments: tuple[str, ...], parameters: dict[str, str]) -> dict[str, Any]:
    front = page.front_matter
    known = {"title": front.title, "description": front.description}
    metadata = {
        key: value if isinstance(value, str | int | float | bool | list | dict) else str(value)
        for key, value in {**known, **front.variables}.items()
        if value is not None
    }
    variables: dict[str, Any] = {}
    for key, value in metadata.items():
        if not IDENTIFIER.match(key) or key in RESERVED_WORDS:
            continue
        if key in page.queries:
            raise ReportError(
                f"{key!r} is both a query and a variable of the page", page.source.place_of(key)
            )
        variables[key] = value
    path = "/" + "".join(f"{segment}/" for segment in segments)
    return {
        **variables,
        "metadata": metadata,
        "params": parameters,
        "$page": {
            "route": {"id": "/" + "/".join(page.segments)},
            "params": parameters,
            "url": {"pathname": path},
        },
    }


def _idle(context: PageContext, used: frozenset[str]) -> frozenset[str]:
    """Return the inputs that could be changed but change nothing, with a warning for each."""
    idle = [item for item in context.inputs if item.name not in used and not item.is_fixed]
    for item in idle:
        context.warn(f"<{item.kind}> {item.name!r} changes nothing on this page", item.place)
    return frozenset(item.name for item in idle)


def heading_ids(nodes: Sequence[Node]) -> frozenset[str]:
    """Return the ids that Markdown gave the headings of a page."""
    found: set[str] = set()
    for node in nodes:
        match node:
            case Html(markup):
                found.update(HEADING_ID.findall(markup))
            case Component():
                found |= heading_ids(node.children)
            case Each():
                found |= heading_ids((*node.children, *node.otherwise))
            case If(branches):
                for _, inner, _ in branches:
                    found |= heading_ids(inner)
    return frozenset(found)


def _breadcrumb(data: PageData, page: Page) -> str | None:
    if not page.front_matter.breadcrumb:
        return None
    query = Query("breadcrumb", page.front_matter.breadcrumb, page.source.place_of("breadcrumb:"))
    table = data.run(query)
    if "breadcrumb" not in table.columns:
        raise ReportError("the breadcrumb query must yield a column `breadcrumb`", query.place)
    if not table.rows:
        return None
    return str(table.values("breadcrumb")[0])
