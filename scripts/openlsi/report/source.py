"""The text of a page with the place every line came from, partials included."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from openlsi.report.errors import Place, ReportError, nearest

PARTIAL = re.compile(r'\{@partial\s+"(.*?)"\s*\}')
FRONT_MATTER = re.compile(r"^\s*---\n((?:.|\n)+?)\n---[ \t]*(?:\n|$)")
DEEPEST_PARTIAL = 15


@dataclass(frozen=True)
class Source:
    """Lines of text, each with its origin; `places[i]` belongs to `lines[i]`."""

    lines: tuple[str, ...]
    places: tuple[Place, ...]

    @property
    def text(self) -> str:
        """Return the text as one string with line feeds."""
        return "\n".join(self.lines)

    def place(self, line_index: int) -> Place:
        """Return the origin of a line, counted from nought."""
        return self.places[min(line_index, len(self.places) - 1)]

    def place_at(self, offset: int) -> Place:
        """Return the origin of the character at `offset` in `text`."""
        return self.place(self.text.count("\n", 0, offset))

    def place_of(self, fragment: str) -> Place:
        """Return where a fragment first occurs, or else the first line."""
        found = self.text.find(fragment)
        return self.place_at(found) if found >= 0 else self.places[0]

    def without_lines(self, removed: set[int]) -> Source:
        """Blank the given lines, so that what follows keeps its place."""
        kept = tuple("" if i in removed else line for i, line in enumerate(self.lines))
        return Source(kept, self.places)


def read_source(path: Path, root: Path, partials: Path) -> Source:
    """Read a page with its partials put in their places."""
    return _inline_partials(_read_file(path, root), root, partials, 0)


def _read_file(path: Path, root: Path) -> Source:
    name = path.relative_to(root).as_posix()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReportError(
            f"the file is not UTF-8 ({error.reason}); save it as UTF-8", Place(name, 1)
        ) from error
    lines = tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return Source(lines, tuple(Place(name, number) for number in range(1, len(lines) + 1)))


def _inline_partials(source: Source, root: Path, partials: Path, depth: int) -> Source:
    lines: list[str] = []
    places: list[Place] = []
    for line, place in zip(source.lines, source.places, strict=True):
        found = PARTIAL.search(line)
        if not found:
            lines.append(line)
            places.append(place)
            continue
        if depth >= DEEPEST_PARTIAL:
            raise ReportError(f"partials go round in a circle at {found.group(1)!r}", place)
        part = _inline_partials(
            _read_partial(found.group(1), root, partials, place), root, partials, depth + 1
        )
        head, tail = line[: found.start()], line[found.end() :]
        part_lines = [head + part.lines[0], *part.lines[1:]]
        lines.extend(part_lines)
        places.extend(part.places)
        if tail.strip():
            rest = _inline_partials(Source((tail,), (place,)), root, partials, depth)
            lines[-1] += rest.lines[0]
            lines.extend(rest.lines[1:])
            places.extend(rest.places[1:])
    return Source(tuple(lines), tuple(places))


def _read_partial(name: str, root: Path, partials: Path, place: Place) -> Source:
    path = (partials / name).resolve()
    if not path.is_relative_to(partials.resolve()) or not path.is_file():
        known = [p.relative_to(partials).as_posix() for p in sorted(partials.rglob("*.md"))]
        raise ReportError(f"there is no partial {name!r}{nearest(name, known)}", place)
    return _read_file(path, root)


def split_front_matter(source: Source) -> tuple[dict[str, Any], Source]:
    """Return the front matter and the source with its lines blanked."""
    found = FRONT_MATTER.match(source.text)
    if not found:
        return {}, source
    first_line = source.text.count("\n", 0, found.start(1))
    try:
        values = yaml.safe_load(found.group(1)) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        raise ReportError(
            f"the front matter is not YAML: {getattr(error, 'problem', error)}", source.place(line)
        ) from error
    if not isinstance(values, dict):
        raise ReportError("the front matter is not a list of `key: value`", source.place(0))
    last_line = source.text.count("\n", 0, found.end())
    return values, source.without_lines(set(range(last_line)))
