"""Pages that need not be rendered again: what they rest on is as it was when they were."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from markupsafe import Markup
from pydantic import TypeAdapter, ValidationError

from openlsi.report.database import Database
from openlsi.report.errors import Place, ReportError
from openlsi.report.outline import Outline
from openlsi.report.page import RenderedPage, Workshop, render_page
from openlsi.report.parts import Part, State
from openlsi.report.project import Page, Project
from openlsi.report.spreadsheets.sheets import Sheet

ENGINES = ("dukpy", "markdown-it-py", "mdit-py-plugins", "Jinja2", "MarkupSafe")
CODE = frozenset({".py", ".jinja", ".js", ".json"})


@dataclass(frozen=True)
class Kept:
    """A rendered page as it is kept: its fingerprint, each query with its rows' digest, itself."""

    fingerprint: str
    reads: tuple[tuple[str, str, str], ...]
    content: str
    outline: Outline
    links: tuple[str, ...]
    files: dict[str, str]
    marks: tuple[str, ...]
    link_places: dict[str, tuple[str, int]]
    breadcrumb: str | None
    parts: tuple[tuple[int, tuple[str, ...], tuple[tuple[str, str, str], ...]], ...]
    sheets: tuple[Sheet, ...]
    warnings: tuple[str, ...]
    charts: int


KEPT = TypeAdapter(Kept)


class KeptPages:
    """Renders pages, or takes them from a folder of pages rendered before; counts both.

    A page's fingerprint is of its text with its partials, its queries, its address, the site's
    settings, definitions and static files, and the renderer's code. Where that is the same, the
    queries are run, and the page is taken if each yields the rows that it yielded before.
    """

    def __init__(self, folder: Path | None, workshop: Workshop) -> None:
        self.charts = 0
        self.taken = 0
        self._folder = folder
        self._workshop = workshop
        self._salt = digest(
            _code(), *_project(workshop.project), workshop.refreshed, repr(workshop.glossary)
        )

    def page(
        self, page: Page, segments: tuple[str, ...], parameters: dict[str, str]
    ) -> RenderedPage:
        """Return a page with its parameters, rendered now or before."""
        path = self._path(segments)
        if path is None:
            return render_page(self._workshop, page, segments, parameters)
        fingerprint = self._fingerprint(page, segments, parameters)
        kept = _read(path)
        if kept and kept.fingerprint == fingerprint and self._is_same(kept, page):
            self.taken += 1
            self.charts += kept.charts
            return _rendered(kept, page, segments, parameters)
        database, drawn = self._workshop.database, self._workshop.drawings()
        database.asked.clear()
        rendered = render_page(self._workshop, page, segments, parameters)
        charts = self._workshop.drawings() - drawn
        _write(path, _kept(rendered, fingerprint, database, charts))
        return rendered

    def _path(self, segments: tuple[str, ...]) -> Path | None:
        """Return where a page is kept: one file an address, so that the folder does not grow."""
        if self._folder is None:
            return None
        return self._folder / f"{digest(str(self._workshop.project.root), *segments)}.json"

    def _fingerprint(
        self, page: Page, segments: tuple[str, ...], parameters: dict[str, str]
    ) -> str:
        queries = {name: query.sql for name, query in page.queries.items()}
        own = json.dumps([page.source.text, queries, segments, parameters], sort_keys=True)
        return digest(self._salt, own, repr(page.front_matter), repr(page.source.places))

    def _is_same(self, kept: Kept, page: Page) -> bool:
        place = Place(page.file, 1)
        for name, sql, rows in kept.reads:
            self._workshop.at(place)
            try:
                if self._workshop.database.digest(sql, name, place) != rows:
                    return False
            except ReportError:
                return False  # Rendered again, it says what is wrong, and where.
        return True


def digest(*parts: str | None) -> str:
    """Return the hash of some texts."""
    return hashlib.sha256(json.dumps(parts).encode("utf-8")).hexdigest()


@cache
def _code() -> str:
    """Return the hash of the renderer: its code, templates and formats, and its engines."""
    with as_file(files("openlsi.report")) as root:
        found = sorted(path for path in root.rglob("*") if path.suffix in CODE)
        return digest(*map(version, ENGINES), *_contents(found))


def _project(project: Project) -> Iterable[str]:
    """Yield what a page's look rests on besides its own text."""
    yield repr(project.settings)
    yield repr(project.formats)
    paths = sorted(path for path in project.static.rglob("*") if path.is_file())
    yield from (path.relative_to(project.static).as_posix() for path in paths)
    yield from _contents(paths)


def _contents(paths: Iterable[Path]) -> Iterable[str]:
    return (hashlib.sha256(path.read_bytes()).hexdigest() for path in paths)


def _kept(rendered: RenderedPage, fingerprint: str, database: Database, charts: int) -> Kept:
    reads = (
        (name, sql, database.digest(sql, name, p)) for sql, (name, p) in database.asked.items()
    )
    return Kept(
        fingerprint,
        tuple(reads),
        str(rendered.content),
        rendered.outline,
        rendered.links,
        {name: data.decode("utf-8") for name, data in rendered.files.items()},
        rendered.marks,
        {address: (place.file, place.line) for address, place in rendered.link_places.items()},
        rendered.breadcrumb,
        tuple(
            (part.number, part.inputs, tuple((s.key, s.label, str(s.content)) for s in part.states))
            for part in rendered.parts
        ),
        rendered.sheets,
        rendered.warnings,
        charts,
    )


def _rendered(
    kept: Kept, page: Page, segments: tuple[str, ...], parameters: dict[str, str]
) -> RenderedPage:
    return RenderedPage(
        page,
        segments,
        Markup(kept.content),  # noqa: S704 - rendered before
        {name: text.encode("utf-8") for name, text in kept.files.items()},
        kept.marks,
        {address: Place(*place) for address, place in kept.link_places.items()},
        kept.outline,
        kept.links,
        kept.breadcrumb,
        parameters,
        tuple(
            Part(number, inputs, tuple(_state(*state) for state in states))
            for number, inputs, states in kept.parts
        ),
        kept.sheets,
        kept.warnings,
    )


def _state(key: str, label: str, content: str) -> State:
    return State(key, label, Markup(content))  # noqa: S704 - rendered before


def _read(path: Path) -> Kept | None:
    """Return a kept page; what another version wrote, or half, is none."""
    try:
        return KEPT.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def _write(path: Path, kept: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(KEPT.dump_json(kept))
    Path(name).replace(path)
