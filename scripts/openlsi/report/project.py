"""An Evidence 40 project as a folder: pages, queries, sources, partials and static files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from openlsi.report.errors import Place, ReportError
from openlsi.report.fences import IDENTIFIER, RESERVED_WORDS, Query, take_queries
from openlsi.report.nodes import Node
from openlsi.report.settings import (
    FrontMatter,
    SiteSettings,
    read_custom_formats,
    read_front_matter,
    read_site_settings,
)
from openlsi.report.source import Source, read_source, split_front_matter
from openlsi.report.tree import build_tree

PARAMETER = re.compile(r"^\[([A-Za-z_]\w*)\]$")


@dataclass(frozen=True)
class Page:
    """A page as written; `segments` are its address, `[name]` where a part is a parameter."""

    segments: tuple[str, ...]
    front_matter: FrontMatter
    queries: dict[str, Query]
    tree: tuple[Node, ...]
    source: Source

    @property
    def file(self) -> str:
        """Return the page's path inside the project."""
        return self.source.places[0].file if self.source.places else ""

    @property
    def parameters(self) -> tuple[str, ...]:
        """Return the names of the parameters in the address."""
        found = (PARAMETER.match(segment) for segment in self.segments)
        return tuple(match.group(1) for match in found if match)

    @property
    def is_templated(self) -> bool:
        """Return whether the page stands for one page a value."""
        return bool(self.parameters)

    def match(self, segments: tuple[str, ...]) -> dict[str, str] | None:
        """Return the parameters' values if an address belongs to this page."""
        if len(segments) != len(self.segments):
            return None
        values: dict[str, str] = {}
        for own, given in zip(self.segments, segments, strict=True):
            parameter = PARAMETER.match(own)
            if parameter:
                values[parameter.group(1)] = given
            elif own != given:
                return None
        return values


@dataclass(frozen=True)
class Project:
    """Everything that a render reads, except the data."""

    root: Path
    settings: SiteSettings
    pages: tuple[Page, ...]
    formats: tuple[tuple[str, str, str], ...]

    @property
    def static(self) -> Path:
        """Files that go to the site as they are."""
        return self.root / "static"


def read_project(root: Path) -> Project:
    """Read a project folder; raise ReportError at the first thing that cannot be rendered."""
    if not (root / "pages").is_dir():
        raise ReportError(f"{root} is no Evidence project: it has no folder pages/")
    if list((root / "components").glob("*.svelte")):
        raise ReportError(f"{root / 'components'}: Svelte components of your own are not supported")
    files = _query_files(root)
    pages = tuple(_read_page(path, root, files) for path in sorted((root / "pages").rglob("*.md")))
    if not any(page.segments == () for page in pages):
        raise ReportError(f"{root}/pages has no index.md, which is the front page")
    seen: dict[tuple[str, ...], str] = {}
    for page in pages:
        if page.segments in seen:
            raise ReportError(f"has the same address as {seen[page.segments]}", Place(page.file, 1))
        seen[page.segments] = page.file
    return Project(root, read_site_settings(root), pages, tuple(read_custom_formats(root)))


def _query_files(root: Path) -> dict[str, Query]:
    folder = root / "queries"
    queries: dict[str, Query] = {}
    for path in sorted(folder.rglob("*.sql")):
        relative = path.relative_to(folder).as_posix()
        place = Place(path.relative_to(root).as_posix(), 1)
        queries[relative] = Query(
            query_id(relative), path.read_text(encoding="utf-8"), place, is_file=True
        )
    return queries


def query_id(path: str) -> str:
    """Return the name under which Evidence knows a query file: first / becomes _, lower case."""
    return path.removesuffix(".sql").replace("/", "_", 1).lower()


def _read_page(path: Path, root: Path, files: dict[str, Query]) -> Page:
    source = read_source(path, root, root / "partials")
    name = path.relative_to(root).as_posix()
    values, rest = split_front_matter(source)
    front_matter = read_front_matter(values, path, name)
    queries, rest = take_queries(rest)
    for query in _listed_queries(front_matter, files, source):
        if query.name in queries:
            raise ReportError(f"two queries are called {query.name!r}", queries[query.name].place)
        queries[query.name] = query
    return Page(_segments(path, root), front_matter, queries, build_tree(rest), source)


def _segments(path: Path, root: Path) -> tuple[str, ...]:
    parts = list(path.relative_to(root / "pages").with_suffix("").parts)
    if parts[-1] == "index":
        parts.pop()
    for part in parts:
        if part.startswith("+") or ("[" in part and not PARAMETER.match(part)):
            raise ReportError(
                "name a page by letters, digits and -, or [parameter] for a templated page",
                Place(path.relative_to(root).as_posix(), 1),
            )
    return tuple(parts)


def _listed_queries(
    front_matter: FrontMatter, files: dict[str, Query], source: Source
) -> list[Query]:
    """Return the query files that a page lists, and those that they build on."""
    found: list[Query] = []
    by_id = {query.name: query for query in files.values()}
    for entry in front_matter.queries:
        name, path = (None, entry) if isinstance(entry, str) else next(iter(entry.items()))
        place = source.place_of(path)
        if path not in files:
            known = ", ".join(sorted(files)) or "nothing"
            raise ReportError(f"there is no queries/{path}; the folder holds {known}", place)
        query = files[path]
        chosen = name or query.name
        if not IDENTIFIER.match(chosen) or chosen in RESERVED_WORDS:
            raise ReportError(f"{chosen!r} cannot name a query", place)
        found.append(Query(chosen, query.sql, query.place, is_file=True))
        found.extend(_needed(query, by_id, {chosen, query.name}))
    return list({query.name: query for query in reversed(found)}.values())[::-1]


def _needed(query: Query, by_id: dict[str, Query], seen: set[str]) -> list[Query]:
    found: list[Query] = []
    for name in re.findall(r"\$\{\s*([A-Za-z_$][\w$]*)\s*\}", query.sql):
        if name in by_id and name not in seen:
            seen.add(name)
            found.extend([by_id[name], *_needed(by_id[name], by_id, seen)])
    return found
