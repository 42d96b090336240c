"""Rendering one page with its parameters: data first, then its tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from openlsi.report.components import render_component
from openlsi.report.data import Table
from openlsi.report.database import Database
from openlsi.report.errors import Place, ReportError
from openlsi.report.fences import IDENTIFIER, RESERVED_WORDS, Query
from openlsi.report.javascript_engine import JavaScript, ScriptError
from openlsi.report.project import Page, Project
from openlsi.report.rendering import Draw, PageContext, Renderer
from openlsi.report.sql import chain, fill


@dataclass(frozen=True)
class Workshop:
    """What every page is rendered with."""

    project: Project
    database: Database
    js: JavaScript
    draw: Draw
    at: Callable[[Place], None]
    refreshed: str | None = None


@dataclass(frozen=True)
class RenderedPage:
    """A page's content before the site's frame is put round it."""

    page: Page
    segments: tuple[str, ...]
    content: Markup
    files: dict[str, bytes]
    marks: tuple[str, ...]
    link_places: dict[str, Place]
    breadcrumb: str | None = None
    parameters: dict[str, str] = field(default_factory=dict)


def render_page(
    workshop: Workshop, page: Page, segments: tuple[str, ...], parameters: dict[str, str]
) -> RenderedPage:
    """Run a page's queries and render its tree."""
    js = workshop.js
    variables = _variables(page, segments, parameters)
    js.start_page(variables, {})
    tables = {name: _run(workshop, query, page.queries) for name, query in page.queries.items()}
    js.start_page(variables, tables)
    context = PageContext(
        js=js,
        settings=workshop.project.settings,
        tables=tables,
        draw=workshop.draw,
        at=workshop.at,
        refreshed=workshop.refreshed,
        static=workshop.project.static,
    )
    content = Renderer(context, render_component).nodes(page.tree)
    return RenderedPage(
        page,
        segments,
        content,
        context.files,
        tuple(sorted(context.marks)),
        context.link_places,
        _breadcrumb(workshop, page),
        parameters,
    )


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


def _run(workshop: Workshop, query: Query, queries: dict[str, Query]) -> Table:
    workshop.at(query.place)
    sql = fill(chain(query, queries), query, lambda code: _run_time_value(workshop, code, query))
    table = workshop.database.query(sql, query.name, query.place)
    return Table(table.columns, table.kinds, table.rows, query.name)


def _run_time_value(workshop: Workshop, code: str, query: Query) -> object:
    try:
        kind, value = workshop.js.evaluate(code, ())
    except ScriptError as error:
        raise ReportError(f"query {query.name!r}: ${{{code}}}: {error}", query.place) from error
    if kind not in ("string", "number", "boolean"):
        raise ReportError(f"query {query.name!r}: ${{{code}}} is {kind}", query.place)
    return value


def _breadcrumb(workshop: Workshop, page: Page) -> str | None:
    if not page.front_matter.breadcrumb:
        return None
    query = Query("breadcrumb", page.front_matter.breadcrumb, page.source.place_of("breadcrumb:"))
    table = _run(workshop, query, page.queries)
    if "breadcrumb" not in table.columns or not table.rows:
        raise ReportError("the breadcrumb query must yield one row `… as breadcrumb`", query.place)
    return str(table.values("breadcrumb")[0])
